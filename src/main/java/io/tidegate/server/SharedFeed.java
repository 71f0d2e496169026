package io.tidegate.server;

import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedSettings;
import io.tidegate.rocksdb.StoreSettings;
import io.tidegate.shared.SharedLog;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedOrder;
import io.tidegate.shared.SharedSettings;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feed of many nodes, on one of them: the log that they share, and how its store and its order come from that. */
record SharedFeed(SharedLog log, SharedSettings limits) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedFeed.class);

    /** Between two tries, each of which takes a while itself where nobody answers. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Opens a shared log. */
    interface Opening {
        SharedLog open() throws SharedLogException;
    }

    /** Waits for a log that does not answer, on the thread of the start, which has nothing else to do. */
    static SharedFeed open(Opening opening, SharedSettings limits) throws StartException {
        long giveUpAt = System.nanoTime() + limits.openTimeout().toNanos();
        while (true) {
            try {
                return new SharedFeed(opening.open(), limits);
            } catch (SharedLogException e) {
                if (e.kind() != SharedLogException.Kind.UNAVAILABLE || System.nanoTime() - giveUpAt >= 0) {
                    throw refusal(e);
                }
                LOG.warn("The feed cannot be shared yet: {}", e.getMessage());
                pause();
            }
        }
    }

    private static void pause() throws StartException {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted while the shared log was waited for", e);
        }
    }

    private static StartException refusal(SharedLogException e) {
        return new StartException("the feed cannot be shared: " + e.getMessage(), e);
    }

    /** Each document has to fit into an entry of the log. */
    void requireFit(FeedSettings feed) throws StartException {
        if (feed.maxDocumentBytes() > log.maxEntryBytes() - ServerSettings.ENVELOPE_BYTES) {
            throw new StartException("tidegate.feed.max-document-bytes = " + feed.maxDocumentBytes()
                    + ": allowed is " + (log.maxEntryBytes() - ServerSettings.ENVELOPE_BYTES)
                    + " bytes at most, for which an entry of the shared log has room");
        }
    }

    StoreSettings store(StoreSettings own) {
        return own.sharing(SharedOrder.epoch(log));
    }

    SharedOrder order(FeedLog store, FeedSettings feed, Executor proposals, Executor commits) throws StartException {
        try {
            SharedOrder.requireFit(log, store.orderState());
        } catch (SharedLogException e) {
            throw refusal(e);
        }
        return new SharedOrder(log, feed, limits, proposals, commits);
    }

    @Override
    public void close() {
        log.close();
    }
}
