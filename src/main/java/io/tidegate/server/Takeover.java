package io.tidegate.server;

import io.tidegate.document.Addresses;
import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import io.tidegate.rocksdb.RocksFeedLog;
import io.tidegate.rocksdb.StoreSettings;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a new server gets the store of a running one, in order:
 *
 * <pre>
 *  new                               running
 *  binds, new clients wait here
 *  waits for half-made connections   they are completed, and accepted
 *  says "hand over"                  refuses changes, drains, unbinds, closes the store
 *  waits for the store's lock
 *  serves all who wait
 * </pre>
 *
 * <p>It blocks its thread, which is the one that starts the server.
 */
final class Takeover {

    /** Connections that clients began before the new server was bound are completed at the running one within this. */
    private static final Duration HANDSHAKES = Duration.ofMillis(250);

    private static final Logger log = LoggerFactory.getLogger(Takeover.class);

    private final ServerSettings settings;
    private final Predecessor predecessor;
    private long pausedNanos;

    private Takeover(ServerSettings settings, Predecessor predecessor) {
        this.settings = settings;
        this.predecessor = predecessor;
    }

    /** Does what takes time and needs nothing of the running server. To be called before the new one is bound. */
    static Takeover prepare(ServerSettings settings, Predecessor predecessor) throws StartException {
        try {
            RocksFeedLog.prepare();
            return new Takeover(settings, predecessor);
        } catch (FeedLogException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The store, when the running server has given it up.
     *
     * @param store where it is
     * @param bound where the new server is bound
     */
    FeedLog receiveStore(StoreSettings store, Listeners bound) throws StartException {
        String tcp = Addresses.shown(bound.tcp().localAddress());
        String http = Addresses.shown(bound.http().localAddress());
        requireSameAddress("tcp", tcp, predecessor.tcpAddress());
        requireSameAddress("http", http, predecessor.httpAddress());
        log.info(
                "Bound to {} and {} beside {}: new clients wait until it has handed the store over",
                tcp,
                http,
                predecessor);
        try {
            // The kernel tells nobody when the last of them is made. This is the thread of the start, which has nothing
            // else.
            Thread.sleep(HANDSHAKES.toMillis());
            pausedNanos = System.nanoTime();
            predecessor.handOver();
            return RocksFeedLog.openWhenFree(store, settings.takeoverTimeout());
        } catch (FeedLogException e) {
            throw new StartException(
                    "cannot take over from " + predecessor + ": " + e.getMessage()
                            + "; see its log, and let tidegate.takeover.timeout be longer than its drain.total",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted during the takeover from " + predecessor, e);
        }
    }

    private void requireSameAddress(String listener, String bound, String other) throws StartException {
        if (!bound.equals(other)) {
            throw new StartException("cannot take over from " + predecessor + ": it listens on " + other
                    + ", this one on " + bound + "; set tidegate." + listener + ".host and tidegate." + listener
                    + ".port to the same");
        }
    }

    /** To be called when clients are served. */
    void succeeded() {
        double seconds = (System.nanoTime() - pausedNanos) / 1e9;
        log.info("Took over from {}: writes paused for {} s", predecessor, String.format(Locale.ROOT, "%.3f", seconds));
    }
}
