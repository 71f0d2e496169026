package io.tidegate.server;

import io.tidegate.connection.NotTaken;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Publication;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Completes with the outcome of a publication, and has what hangs on it run elsewhere than on the thread that settles that. */
final class PublishResult extends CompletableFuture<Position> {

    private final Feed feed;
    private final Executor callbacks;
    private volatile @Nullable Publication publication;

    private PublishResult(Feed feed, Executor callbacks) {
        this.feed = feed;
        this.callbacks = callbacks;
    }

    /** @param callbacks where it completes, if it is not known at once */
    static CompletableFuture<Position> of(
            Feed feed, Change change, Precondition precondition, @Nullable PublicationId id, Executor callbacks) {
        if (!feed.hasRoom()) {
            return failedFuture(
                    new PublishException("too many changes wait for their commit: slow down, then try again"));
        }
        var result = new PublishResult(feed, callbacks);
        result.waitFor(feed.publish(change, precondition, id, result::settled));
        return result;
    }

    /** It, or {@link #settled}, is called when the outcome is known, or both. */
    private void waitFor(Publication started) {
        publication = started;
        if (started.isSettled()) {
            // Nothing hangs on it yet.
            settle(started, Runnable::run);
        }
    }

    private void settled() {
        Publication settled = publication;
        if (settled != null && !isDone()) {
            settle(settled, callbacks);
        }
    }

    /** What the outcome is, is looked at now: where the feed stands afterwards may be another epoch. */
    private void settle(Publication settled, Executor executor) {
        Publication.Refusal refusal = settled.refusal();
        if (refusal == null) {
            Position position = feed.positionOf(settled.seq());
            executor.execute(() -> complete(position));
        } else {
            RuntimeException failure = failure(settled, refusal);
            executor.execute(() -> completeExceptionally(failure));
        }
    }

    private RuntimeException failure(Publication settled, Publication.Refusal refusal) {
        return switch (refusal) {
            case DRAINING -> new DrainingException();
            case PRECONDITION_FAILED -> new PreconditionFailedException(settled.current());
            case STORE_FAILED -> new PublishException(storeFailure());
            case TOO_LARGE, STORE_DAMAGED, UNAVAILABLE, UNKNOWN ->
                new PublishException(NotTaken.of(refusal, feed).message());
        };
    }

    private String storeFailure() {
        String reason = feed.storeFailure();
        return reason == null
                ? "the store could not take the change: try again"
                : "the store could not take the change: " + reason;
    }
}
