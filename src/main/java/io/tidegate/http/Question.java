package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.access.Pass;
import io.tidegate.wire.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request that was put to the routes, and their answer once it is there. */
final class Question {

    private static final Logger log = LoggerFactory.getLogger(Question.class);

    private final HttpRequest request;
    private final CompletableFuture<Reply> answer;

    private Question(HttpRequest request, CompletableFuture<Reply> answer) {
        this.request = request;
        this.answer = answer;
    }

    /**
     * Asks at the door.
     *
     * @param connection what its client may do by itself
     * @param whenKnown told who asks
     * @param whenAnswered called if the answer is not there at once
     */
    static Question put(
            HttpRequest request, Door door, Pass connection, Consumer<Pass> whenKnown, Runnable whenAnswered) {
        CompletableFuture<Reply> answer;
        try {
            answer = door.answer(request, connection, whenKnown).toCompletableFuture();
        } catch (Problem.Refusal | RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        if (!answer.isDone()) {
            var unused = answer.whenComplete((reply, failure) -> whenAnswered.run());
        }
        return new Question(request, answer);
    }

    boolean isAnswered() {
        return answer.isDone();
    }

    /** The answer, which is there. */
    Reply reply() {
        try {
            return answer.join();
        } catch (CompletionException e) {
            Problem problem = problem(e);
            return StreamRefusal.concerns(request, problem)
                    ? Reply.of(StreamRefusal.response(problem))
                    : Reply.of(problem);
        }
    }

    /** What the client is told of a failure. */
    private static Problem problem(Throwable failure) {
        Problem ofTheBody = Body.problem(failure);
        if (ofTheBody != null) {
            return ofTheBody;
        }
        log.error("A request failed: internal error", failure);
        return Problem.of(
                HttpResponseStatus.INTERNAL_SERVER_ERROR,
                ErrorCode.INTERNAL_ERROR,
                "the server has a bug: its log says more");
    }

    /** Nobody waits for the answer any more. */
    void drop() {
        request.body().drop();
        var unused = answer.thenAccept(reply -> {
            if (reply instanceof Reply.Streamed streamed) {
                streamed.body().close();
            }
        });
    }
}
