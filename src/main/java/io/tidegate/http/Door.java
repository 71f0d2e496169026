package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.access.Pass;
import io.tidegate.connection.Peer;
import io.tidegate.wire.ErrorCode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a request comes through to its answer: the guard, then who asks, then the routes. */
record Door(BrowserGuard guard, Callers callers, Routes routes) {

    /** What the client of a connection may do that shows nothing more. */
    Pass enter(Peer peer) {
        return callers.enter(peer);
    }

    /**
     * Asks.
     *
     * @param connection what its client may do by itself
     * @param whenKnown told who asks
     * @param whenAnswered called if the answer is not there at once
     */
    Question ask(HttpRequest request, Pass connection, Consumer<Pass> whenKnown, Runnable whenAnswered) {
        CompletableFuture<Reply> answer;
        try {
            answer = answer(request, connection, whenKnown).toCompletableFuture();
        } catch (Problem.Refusal | RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        if (!answer.isDone()) {
            var unused = answer.whenComplete((reply, failure) -> whenAnswered.run());
        }
        return new Question(request, answer);
    }

    CompletionStage<Reply> answer(HttpRequest request, Pass connection, Consumer<Pass> whenKnown)
            throws Problem.Refusal {
        Target target = Target.parse(request.method(), request.target());
        return guard.answer(
                request, target, () -> callers.call(request, target, connection).thenCompose(call -> {
                    whenKnown.accept(call.caller().pass());
                    return route(call);
                }));
    }

    private CompletionStage<Reply> route(Call call) {
        try {
            return routes.answer(call);
        } catch (Problem.Refusal e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** The same door, behind which every request is refused. */
    Door refusing(Problem problem) {
        return new Door(guard, callers.unasked(), call -> {
            throw problem.refusal();
        });
    }

    List<Header> leave(HttpRequest request) {
        return guard.leave(request);
    }

    /** A request that was put at the door, and its answer once it is there. */
    static final class Question {

        private static final Logger log = LoggerFactory.getLogger(Door.class);

        private final HttpRequest request;
        private final CompletableFuture<Reply> answer;

        private Question(HttpRequest request, CompletableFuture<Reply> answer) {
            this.request = request;
            this.answer = answer;
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
}
