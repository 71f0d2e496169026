package io.tidegate.server;

import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import io.tidegate.rocksdb.RocksFeedLog;
import io.tidegate.rocksdb.StoreSettings;
import io.tidegate.rocksdb.StoreTransfer;
import io.tidegate.shared.SharedLog;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import io.tidegate.shared.SharedSettings;
import io.tidegate.shared.StoreFit;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the store of a node of a shared feed, so that it can go on by the log.
 *
 * <pre>
 *  none there          ─► the copy of another node's, if the log is long or begins later; otherwise the log from its beginning
 *  behind the log      ─► set aside: what the log had before its beginning other nodes have; as if none was there
 *  ahead of the log    ─► set aside: the log has lost what was read; an epoch begins, and as if none was there
 *  fits                ─► as it is
 * </pre>
 *
 * <p>On the thread of the start, which has nothing else to do.
 */
final class SharedStore {

    private static final Logger LOG = LoggerFactory.getLogger(SharedStore.class);

    private final SharedLog log;
    private final StoreSettings settings;
    private final SharedSettings limits;
    private final PeerStores peers;
    private final PeerSettings from;

    SharedStore(SharedLog log, StoreSettings settings, SharedSettings limits, PeerSettings from) {
        this.log = log;
        this.settings = settings;
        this.limits = limits;
        this.from = from;
        peers = new PeerStores(from);
    }

    FeedLog open(Data.Store store) throws StartException, FeedLogException {
        if (!StoreTransfer.of(directory()).isThere()) {
            fill();
        }
        FeedLog opened = fitting(store.open(settings));
        try {
            StoreFit.requireThere(log, opened.orderState());
            return opened;
        } catch (SharedLogException e) {
            opened.close();
            if (e.kind() != Kind.TRIMMED && e.kind() != Kind.DIVERGED) {
                throw SharedFeed.refusal(e);
            }
            return openAnother(e);
        }
    }

    private Path directory() {
        return settings.directory();
    }

    /** What is of no feed that this one can go on with, an operator has to look at. */
    private FeedLog fitting(FeedLog opened) throws StartException {
        try {
            StoreFit.require(log, opened.orderState());
            return opened;
        } catch (SharedLogException e) {
            opened.close();
            throw SharedFeed.refusal(e);
        }
    }

    private FeedLog openAnother(SharedLogException why) throws StartException, FeedLogException {
        LOG.warn(
                "The store {} cannot go on by the shared log, and is in {} from now on: {}",
                directory(),
                StoreTransfer.of(directory()).setAside(),
                why.getMessage());
        if (why.kind() == Kind.DIVERGED) {
            LOG.warn("The feed goes on in the epoch {}, since the log has lost what was read from it", newEpoch());
        }
        fill();
        return fitting(RocksFeedLog.open(settings));
    }

    private String newEpoch() throws StartException {
        try {
            return StoreFit.beginEpoch(log, limits.publishTimeout());
        } catch (SharedLogException e) {
            throw SharedFeed.refusal(e);
        }
    }

    /** Has what others know, unless the log tells all of it and is short. */
    private void fill() throws StartException, FeedLogException {
        long giveUpAt = System.nanoTime() + limits.openTimeout().toNanos();
        while (true) {
            StoreFit.Extent extent = extent();
            if (extent.isWhole() && extent.entries() <= from.fetchFrom()) {
                return;
            }
            Optional<String> refusal = peers.fetch(directory(), announced());
            if (refusal.isEmpty()) {
                return;
            }
            if (extent.isWhole()) {
                LOG.warn(
                        "The shared log is read from its beginning, since nobody gives a copy of a store: {}",
                        refusal.get());
                return;
            }
            if (System.nanoTime() - giveUpAt >= 0) {
                throw new StartException(
                        "the shared log does not tell all that came before, and nobody gives a copy of a"
                                + " store: start another node first, and name it in tidegate.shared.peers.addresses ("
                                + refusal.get() + ")");
            }
            LOG.warn("Nobody gives a copy of a store yet: {}", refusal.get());
            SharedFeed.pause();
        }
    }

    private List<String> announced() throws StartException {
        try {
            return StoreFit.announced(log, limits.announceInterval());
        } catch (SharedLogException e) {
            throw SharedFeed.refusal(e);
        }
    }

    private StoreFit.Extent extent() throws StartException {
        try {
            return StoreFit.extent(log);
        } catch (SharedLogException e) {
            throw SharedFeed.refusal(e);
        }
    }
}
