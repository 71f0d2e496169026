package io.tidegate.server;

import com.typesafe.config.Config;
import io.tidegate.document.Position;
import io.tidegate.feed.Batch;
import io.tidegate.feed.Epochs;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.OrderState;
import io.tidegate.rocksdb.RocksFeedLog;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.StoreFit;

/**
 * Moves a feed between a store that one server has alone and a log that many share: numbers go on, and positions stay good. For a store
 * that no server has open.
 */
public final class StoreMove {

    private final ServerSettings settings;

    private StoreMove(ServerSettings settings) {
        this.settings = settings;
    }

    /**
     * Of the store that those settings name, and the log that they order the feed by.
     *
     * @param config what differs from the defaults
     * @throws StartException if a setting is wrong, or the feed is not to be shared
     */
    public static StoreMove of(Config config) throws StartException {
        ServerSettings settings = ServerSettings.from(ServerConfig.complete(config));
        if (settings.order().kind() == OrderSettings.Kind.LOCAL) {
            throw new StartException(
                    "tidegate.feed.order = local: set it to that of the log, with the settings of that");
        }
        return new StoreMove(settings);
    }

    /**
     * From the store to the log, which has to have nothing in it.
     *
     * @return the position that the feed goes on from
     * @throws StartException in one line: it could not be done
     */
    public Position toLog() throws StartException {
        try (RocksFeedLog store = RocksFeedLog.open(settings.store());
                SharedFeed feed = open()) {
            feed.requireFit(settings.feed());
            var head = new Position(Epochs.newName(), head(store));
            OrderState after = StoreFit.moveTo(
                    feed.log(),
                    head,
                    store.orderState(),
                    settings.order().limits().publishTimeout());
            store.beginEpoch(head.epoch(), after.memory());
            return head;
        } catch (SharedLogException e) {
            throw SharedFeed.refusal(e);
        } catch (FeedLogException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * From the log to the store, which has to have read all of it; the other nodes serve on, and take no change any more.
     *
     * @return the position that the feed goes on from
     * @throws StartException in one line: it could not be done
     */
    public Position toStore() throws StartException {
        try (SharedFeed feed = open();
                RocksFeedLog store = RocksFeedLog.open(settings.store().sharing(StoreFit.epoch(feed.log())))) {
            StoreFit.require(feed.log(), store.orderState());
            StoreFit.moveFrom(
                    feed.log(), store.orderState(), settings.order().limits().publishTimeout());
            var head = new Position(Epochs.newName(), head(store));
            store.beginEpoch(head.epoch(), OrderState.NO_MEMORY);
            return head;
        } catch (SharedLogException e) {
            throw SharedFeed.refusal(e);
        } catch (FeedLogException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private SharedFeed open() throws StartException {
        return SharedFeed.open(
                settings.order().opening().orElseThrow(),
                settings.order().limits(),
                settings.order().peers());
    }

    private static long head(RocksFeedLog store) {
        Batch last = store.last();
        return last == null ? 0 : last.lastSeq();
    }
}
