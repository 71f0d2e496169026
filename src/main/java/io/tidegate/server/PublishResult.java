package io.tidegate.server;

import io.tidegate.connection.NotTaken;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Publication;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Completes with the outcome of a publication, whichever of {@code waitFor} and {@code settle} comes last. */
final class PublishResult extends CompletableFuture<Position> {

    private final Feed feed;
    private volatile @Nullable Publication publication;

    private PublishResult(Feed feed) {
        this.feed = feed;
    }

    static CompletableFuture<Position> of(
            Feed feed, Change change, Precondition precondition, @Nullable PublicationId id) {
        if (!feed.hasRoom()) {
            return failedFuture(
                    new PublishException("too many changes wait for their commit: slow down, then try again"));
        }
        var result = new PublishResult(feed);
        result.waitFor(feed.publish(change, precondition, id, result::settle));
        return result;
    }

    private void waitFor(Publication started) {
        publication = started;
        settle();
    }

    private void settle() {
        Publication settled = publication;
        if (settled == null || !settled.isSettled()) {
            return;
        }
        Publication.Refusal refusal = settled.refusal();
        if (refusal == null) {
            complete(feed.positionAt(settled.seq()));
        } else {
            completeExceptionally(
                    switch (refusal) {
                        case DRAINING -> new DrainingException();
                        case PRECONDITION_FAILED -> new PreconditionFailedException(settled.current());
                        case STORE_FAILED -> new PublishException(storeFailure());
                        case TOO_LARGE, STORE_DAMAGED, UNAVAILABLE, UNKNOWN ->
                            new PublishException(NotTaken.of(refusal, feed).message());
                    });
        }
    }

    private String storeFailure() {
        String reason = feed.storeFailure();
        return reason == null
                ? "the store could not take the change: try again"
                : "the store could not take the change: " + reason;
    }
}
