package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.document.Position;
import io.tidegate.feed.Feed;
import io.tidegate.wire.ErrorCode;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Has requests wait for what their clients know of already, from another server of the same feed that is ahead.
 *
 * <p>A request says so by {@code Tidegate-At-Least}, or by tags in {@code If-Match}. The wait is bounded, and ends with the
 * connection.
 */
final class FeedPositions {

    static final String AT_LEAST = "Tidegate-At-Least";

    private final Feed feed;

    FeedPositions(Feed feed) {
        this.feed = feed;
    }

    /**
     * Waits for the position that a read has to include.
     *
     * @return fails with {@link Problem.Refusal}, 503 or 410, if it does not come in time, or never can
     * @throws Problem.Refusal 400 if the header is not one position
     */
    CompletionStage<Void> awaitAtLeast(HttpRequest request) throws Problem.Refusal {
        Position position = atLeast(request);
        return position == null ? done() : require(position, request);
    }

    private static @Nullable Position atLeast(HttpRequest request) throws Problem.Refusal {
        List<String> values = request.all(AT_LEAST);
        if (values.size() > 1) {
            throw Problem.badRequest("there is more than one " + AT_LEAST + ": send one")
                    .refusal();
        }
        try {
            return values.isEmpty() ? null : Position.parse(values.get(0).strip());
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(AT_LEAST + ": " + e.getMessage()).refusal();
        }
    }

    /**
     * Waits for the positions that a write depends on. Those that never come are left to the write, whose condition they fail.
     *
     * @return fails with {@link Problem.Refusal}, 503, if they do not come in time
     */
    CompletionStage<Void> awaitTags(HttpRequest request) throws Problem.Refusal {
        return EntityTags.matched(request).stream()
                .filter(feed::mayCome)
                .max(Comparator.comparingLong(Position::seq))
                .map(furthest -> require(furthest, request))
                .orElseGet(FeedPositions::done);
    }

    private CompletionStage<Void> require(Position position, HttpRequest request) {
        return await(position, request)
                .thenCompose(there -> there || feed.hasCome(position) ? done() : failed(position));
    }

    /** Whether the feed has come to a position, after a wait if it may. */
    CompletionStage<Boolean> await(Position position, HttpRequest request) {
        CompletableFuture<Boolean> arrival = feed.awaitPosition(position);
        request.body().whenDropped(() -> arrival.cancel(false));
        return arrival;
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedStage(null);
    }

    private CompletionStage<Void> failed(Position position) {
        if (feed.isDraining()) {
            return CompletableFuture.failedStage(stopping().refusal());
        }
        Problem problem = feed.mayCome(position)
                ? Problem.unavailable(
                        ErrorCode.POSITION_AHEAD,
                        "this server is at " + feed.head() + " and did not come to " + position
                                + " in time: try again, or ask the server that you have it from")
                : Problem.of(
                        HttpResponseStatus.GONE,
                        ErrorCode.POSITION_UNAVAILABLE,
                        "the feed has no position " + position + " and will not come to it: ask without it, and start"
                                + " anew from what is there");
        return CompletableFuture.failedStage(problem.refusal());
    }

    /** Who still waits when the server stops may find the position elsewhere, or after a restart. */
    static Problem stopping() {
        return Problem.unavailable(
                ErrorCode.DRAINING,
                "the server is about to stop and has not come to that position: try again after reconnecting");
    }
}
