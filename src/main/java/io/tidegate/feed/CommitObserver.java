package io.tidegate.feed;

import java.util.List;

/** Hears of each commit. Called on the commit task's thread, which is waited for by all publishers: it must be quick. */
public interface CommitObserver {

    /** Wants to know nothing. */
    CommitObserver NONE = new CommitObserver() {
        @Override
        public void committed(List<Batch> batches, long storeNanos, long longestWaitNanos) {}

        @Override
        public void failed() {}
    };

    /**
     * A commit is durable, and its publications are settled.
     *
     * @param batches what it appended to the log
     * @param storeNanos how long the store took
     * @param longestWaitNanos from the publishing of the change that waited longest here to its settlement
     */
    void committed(List<Batch> batches, long storeNanos, long longestWaitNanos);

    /** The store did not take a commit; its publications are refused. */
    void failed();
}
