package io.tidegate.server;

import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.FeedSettings;
import io.tidegate.rocksdb.StoreSettings;
import io.tidegate.shared.SharedLog;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedOrder;
import io.tidegate.shared.SharedSettings;
import io.tidegate.shared.StoreFit;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feed of many nodes, on one of them: the log that they share, and how its store and its order come from that. */
record SharedFeed(SharedLog log, SharedSettings limits, PeerSettings peers) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedFeed.class);

    /** Between two tries, each of which takes a while itself where nobody answers. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Opens a shared log. */
    interface Opening {
        SharedLog open() throws SharedLogException;
    }

    /** Waits for a log that does not answer, on the thread of the start, which has nothing else to do. */
    static SharedFeed open(Opening opening, SharedSettings limits, PeerSettings peers) throws StartException {
        long giveUpAt = System.nanoTime() + limits.openTimeout().toNanos();
        while (true) {
            try {
                return new SharedFeed(opening.open(), limits, peers);
            } catch (SharedLogException e) {
                if (e.kind() != SharedLogException.Kind.UNAVAILABLE || System.nanoTime() - giveUpAt >= 0) {
                    throw refusal(e);
                }
                LOG.warn("The feed cannot be shared yet: {}", e.getMessage());
                pause();
            }
        }
    }

    /** For the thread of the start, where nothing tells when the other side is there. */
    static void pause() throws StartException {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted while the shared log was waited for", e);
        }
    }

    static StartException refusal(SharedLogException e) {
        return new StartException("the feed cannot be shared: " + e.getMessage(), e);
    }

    /** Each document has to fit into an entry of the log. */
    void requireFit(FeedSettings feed) throws StartException {
        if (feed.maxDocumentBytes() > log.maxEntryBytes() - ServerSettings.ENVELOPE_BYTES) {
            throw new StartException("tidegate.feed.max-document-bytes = " + feed.maxDocumentBytes()
                    + ": allowed is " + (log.maxEntryBytes() - ServerSettings.ENVELOPE_BYTES)
                    + " bytes at most, for which an entry of the shared log has room; that is limited by "
                    + log.entryLimit());
        }
    }

    /** Opens the store of this node so that it goes on by the log. */
    FeedLog openStore(Data.Store store, StoreSettings own) throws StartException, FeedLogException {
        return new SharedStore(log, own.sharing(StoreFit.epoch(log)), limits, peers).open(store);
    }

    SharedOrder order(FeedSettings feed, Executor proposals, Executor commits) {
        return new SharedOrder(log, feed, limits, proposals, commits);
    }

    @Override
    public void close() {
        log.close();
    }
}
