package io.tidegate.server;

import akka.actor.typed.ActorSystem;
import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import io.tidegate.rocksdb.StoreSettings;
import io.tidegate.shared.SharedOrder;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is served.
 *
 * @param order null if this server decides about it alone
 * @param closeShared closes the log that it is shared by, if it is
 */
record Data(FeedLog store, @Nullable SharedOrder order, Runnable closeShared) {

    /** Opens a store. */
    interface Store {
        FeedLog open(StoreSettings settings) throws FeedLogException, StartException;
    }

    /** Remembers what has to be closed if the start fails. */
    interface Opened {
        <T> T opened(T part, Consumer<T> close);
    }

    /** The log that the feed is shared by comes first, if there is one: by it the store goes on. */
    static Data open(Store store, ServerSettings settings, ActorSystem<?> system, Opened parts) throws StartException {
        Optional<SharedFeed> shared = sharedFeed(settings, parts);
        if (shared.isEmpty()) {
            return new Data(open(store, settings.store(), parts), null, () -> {});
        }
        SharedFeed feed = shared.get();
        FeedLog feedLog = open(own -> feed.openStore(store, own), settings.store(), parts);
        SharedOrder order = feed.order(
                settings.feed(),
                system.dispatchers().lookup(Dispatchers.PROPOSE),
                system.dispatchers().lookup(Dispatchers.COMMIT));
        return new Data(feedLog, order, feed::close);
    }

    private static Optional<SharedFeed> sharedFeed(ServerSettings settings, Opened parts) throws StartException {
        Optional<SharedFeed.Opening> opening = settings.order().opening();
        if (opening.isEmpty()) {
            return Optional.empty();
        }
        SharedFeed feed = parts.opened(
                SharedFeed.open(
                        opening.get(),
                        settings.order().limits(),
                        settings.order().peers()),
                SharedFeed::close);
        feed.requireFit(settings.feed());
        return Optional.of(feed);
    }

    /**
     * Closes the store, and what it shares with others after it; each whatever became of what is closed before it, since a store that is not
     * closed is not settled either.
     *
     * @param first is closed before them
     * @param closing runs all of it
     * @return fails if any of them did
     */
    CompletionStage<Void> close(Runnable first, Executor closing) {
        CompletableFuture<Void> begun = CompletableFuture.runAsync(first, closing);
        return after(after(begun, store::close, closing), closeShared, closing);
    }

    private static CompletableFuture<Void> after(CompletableFuture<Void> former, Runnable latter, Executor closing) {
        return CompletableFuture.allOf(former, former.handleAsync((done, failure) -> closed(latter), closing));
    }

    private static boolean closed(Runnable part) {
        part.run();
        return true;
    }

    private static FeedLog open(Store store, StoreSettings where, Opened parts) throws StartException {
        try {
            return parts.opened(store.open(where), FeedLog::close);
        } catch (FeedLogException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }
}
