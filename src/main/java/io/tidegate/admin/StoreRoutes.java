package io.tidegate.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.document.Reason;
import io.tidegate.feed.CollectionSize;
import io.tidegate.http.HttpRequest;
import io.tidegate.http.Media;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Target;
import io.tidegate.wire.ErrorCode;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What there is in the store, and what can be done to it, on the admin listener. */
final class StoreRoutes {

    private StoreRoutes() {}

    static CompletionStage<Reply> collections(Operations server, HttpRequest request, Target target)
            throws Problem.Refusal {
        target.requireOnly();
        return replied(server.collections(), sizes -> sizes.collections().stream()
                .map(CollectionSize::fields)
                .toList());
    }

    static CompletionStage<Reply> compact(Operations server, HttpRequest request, Target target)
            throws Problem.Refusal {
        target.requireOnly();
        Media.requireJson(request);
        return replied(
                server.compact(),
                compacted -> Map.of("bytesBefore", compacted.bytesBefore(), "bytesAfter", compacted.bytesAfter()));
    }

    private static <T> CompletionStage<Reply> replied(CompletionStage<T> result, Function<T, Object> shown) {
        return result.handle((value, failure) -> failure == null
                ? AdminJson.reply(HttpResponseStatus.OK, shown.apply(value))
                : Reply.of(Problem.unavailable(ErrorCode.STORE_FAILED, Reason.of(failure))));
    }
}
