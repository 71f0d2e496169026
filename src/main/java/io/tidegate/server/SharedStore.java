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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    private final StoreTransfer transfer;
    private final PeerSettings from;

    SharedStore(SharedLog log, StoreSettings settings, SharedSettings limits, PeerSettings from) {
        this.log = log;
        this.settings = settings;
        this.limits = limits;
        this.from = from;
        peers = new PeerStores(from);
        transfer = StoreTransfer.of(settings.directory());
    }

    FeedLog open(Data.Store store) throws StartException, FeedLogException {
        transfer.recover();
        if (!transfer.isThere()) {
            FeedLog copy = fill();
            if (copy != null) {
                return copy;
            }
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
        if (why.kind() == Kind.DIVERGED) {
            // Before the store is gone by which it is known. Once more would do no harm.
            LOG.warn("The feed goes on in the epoch {}, since the log has lost what was read from it", newEpoch());
        }
        LOG.warn(
                "The store {} cannot go on by the shared log, and is in {} from now on: {}",
                settings.directory(),
                transfer.setAside(),
                why.getMessage());
        FeedLog copy = fill();
        return copy == null ? fitting(RocksFeedLog.open(settings)) : copy;
    }

    private String newEpoch() throws StartException {
        try {
            return StoreFit.beginEpoch(log, limits.publishTimeout());
        } catch (SharedLogException e) {
            throw SharedFeed.refusal(e);
        }
    }

    /**
     * Has what others know, unless the log tells all of it and is short.
     *
     * @return null if the log is to be read from its beginning
     */
    private @Nullable FeedLog fill() throws StartException, FeedLogException {
        long giveUpAt = System.nanoTime() + limits.openTimeout().toNanos();
        while (true) {
            StoreFit.Extent extent = extent();
            if (extent.isWhole() && extent.entries() <= from.fetchFrom()) {
                return null;
            }
            List<String> refusals = new ArrayList<>();
            FeedLog copy = copyOfAny(refusals);
            if (copy != null) {
                return copy;
            }
            String why = refusals.isEmpty() ? "no other node is known" : String.join("; ", refusals);
            if (extent.isWhole()) {
                LOG.warn("The shared log is read from its beginning, since nobody gives a copy of a store: {}", why);
                return null;
            }
            if (System.nanoTime() - giveUpAt >= 0) {
                throw new StartException(
                        "the shared log does not tell all that came before, and nobody gives a copy of a"
                                + " store: start another node first, and name it in tidegate.shared.peers.addresses ("
                                + why
                                + ")");
            }
            LOG.warn("Nobody gives a copy of a store yet: {}", why);
            SharedFeed.pause();
        }
    }

    /** @param refusals why those who were asked gave none */
    private @Nullable FeedLog copyOfAny(List<String> refusals) throws StartException, FeedLogException {
        for (PeerStores.Peer peer : peers.all(announced())) {
            String refusal = peer.fetch(transfer);
            if (refusal == null) {
                try {
                    FeedLog copy = RocksFeedLog.open(settings);
                    refusal = misfit(copy);
                    if (refusal == null) {
                        return copy;
                    }
                    copy.close();
                } catch (FeedLogException e) {
                    // Of a newer version, or damaged: another's may be of use, and this one would be refused by every
                    // later start.
                    refusal = "its store cannot be opened: " + e.getMessage();
                }
                transfer.discard();
            }
            refusals.add(peer + ": " + refusal);
        }
        return null;
    }

    /** Why the log does not go on from that copy, such as that of a node which does not know it yet; null if it does. */
    private @Nullable String misfit(FeedLog copy) {
        try {
            StoreFit.require(log, copy.orderState());
            StoreFit.requireThere(log, copy.orderState());
            return null;
        } catch (SharedLogException e) {
            return "its store does not fit the log: " + e.getMessage();
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
