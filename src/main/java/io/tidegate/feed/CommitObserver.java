package io.tidegate.feed;

/** Hears of each commit. Called on the commit task's thread, which is waited for by all publishers: it must be quick. */
public interface CommitObserver {

    /** Wants to know nothing. */
    CommitObserver NONE = new CommitObserver() {
        @Override
        public void committed(Batch batch, long storeNanos, long longestWaitNanos) {}

        @Override
        public void failed() {}
    };

    /**
     * A batch is durable, and its publications are settled.
     *
     * @param storeNanos how long the store took
     * @param longestWaitNanos from the publishing of the change that waited longest to its settlement
     */
    void committed(Batch batch, long storeNanos, long longestWaitNanos);

    /** The store did not take a batch; its publications are refused. */
    void failed();
}
