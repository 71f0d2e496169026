package io.tidegate.admin;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.checkpoint.CheckpointJson;
import io.tidegate.document.Reason;
import io.tidegate.http.HttpRequest;
import io.tidegate.http.Media;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Target;
import io.tidegate.wire.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Copies of the store on the admin listener: take one, fetch its files piece by piece, drop it. */
final class CheckpointRoutes {

    private CheckpointRoutes() {}

    static CompletionStage<Reply> take(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly();
        Media.requireJson(request);
        return replied(
                server.checkpoints().take(),
                taken -> AdminJson.reply(HttpResponseStatus.CREATED, CheckpointJson.fields(taken)),
                () -> Problem.unavailable(
                        ErrorCode.UNAVAILABLE,
                        "there are as many checkpoints as store.checkpoints.most allows: try again when others are done"));
    }

    static CompletionStage<Reply> read(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly("from");
        List<String> path = target.segments();
        return replied(
                server.checkpoints().read(path.get(path.size() - 2), path.get(path.size() - 1), from(target)),
                piece -> AdminJson.reply(
                        HttpResponseStatus.OK, "application/octet-stream", ByteString.fromArrayUnsafe(piece)),
                CheckpointRoutes::noSuch);
    }

    static CompletionStage<Reply> drop(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly();
        List<String> path = target.segments();
        return replied(
                server.checkpoints().drop(path.get(path.size() - 1)),
                id -> AdminJson.reply(HttpResponseStatus.OK, Map.of("id", id)),
                CheckpointRoutes::noSuch);
    }

    private static long from(Target target) throws Problem.Refusal {
        String from = target.one("from");
        try {
            long number = from == null ? 0 : Long.parseLong(from);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw Problem.badRequest("from takes a number of bytes, such as from=1048576")
                .refusal();
    }

    private static <T> CompletionStage<Reply> replied(
            CompletionStage<Optional<T>> result, Function<T, Reply> found, Supplier<Problem> missing) {
        return result.handle((value, failure) -> failure == null
                ? value.map(found).orElseGet(() -> Reply.of(missing.get()))
                : Reply.of(Problem.unavailable(ErrorCode.STORE_FAILED, Reason.of(failure))));
    }

    private static Problem noSuch() {
        return Problem.of(
                HttpResponseStatus.NOT_FOUND,
                ErrorCode.NOT_FOUND,
                "there is no such checkpoint, or file in it: one that is not read for a while is deleted");
    }
}
