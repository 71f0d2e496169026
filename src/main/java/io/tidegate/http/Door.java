package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.access.Pass;
import io.tidegate.connection.Peer;
import io.tidegate.wire.ErrorCode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a request comes through to its answer: the guard, then who asks, then the routes. */
record Door(BrowserGuard guard, Callers callers, Routes routes) {

    /** What the client of a connection may do that shows nothing more. */
    Pass enter(Peer peer) {
        return callers.enter(peer);
    }

    /**
     * Asks. By the connection's lock, as everything else of the question.
     *
     * @param connection what its client may do by itself
     * @param whenKnown told who asks
     * @param whenever called when the question can {@linkplain Question#goOn go on}
     */
    Question ask(HttpRequest request, Pass connection, Consumer<Pass> whenKnown, Runnable whenever) {
        try {
            Target target = Target.parse(request.method(), request.target());
            Optional<Reply> stopped = guard.stop(request, target);
            if (stopped.isPresent()) {
                var unasked = new Call(request, target, new Caller(connection));
                return Question.of(
                        CompletableFuture.completedFuture(unasked),
                        call -> CompletableFuture.completedStage(stopped.get()),
                        request,
                        whenever);
            }
            Routes telling = call -> {
                whenKnown.accept(call.caller().pass());
                return routes.answer(call);
            };
            return Question.of(callers.call(request, target, connection), telling, request, whenever);
        } catch (Problem.Refusal | RuntimeException e) {
            return Question.of(CompletableFuture.failedStage(e), routes, request, whenever);
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

    /**
     * A request that was put at the door, and its answer once it is there. Guarded by the connection's lock.
     *
     * <p>It may take a while until it is known who asks, and that is found out on another thread. Only then it is put to the routes,
     * which begin to take its body, so nothing of that may come before.
     */
    static final class Question {

        private static final Logger log = LoggerFactory.getLogger(Door.class);

        private final CompletableFuture<Call> call;
        private final Routes routes;
        private final HttpRequest request;
        private final Runnable whenever;
        private @Nullable CompletableFuture<Reply> answer;

        private Question(CompletableFuture<Call> call, Routes routes, HttpRequest request, Runnable whenever) {
            this.call = call;
            this.routes = routes;
            this.request = request;
            this.whenever = whenever;
        }

        private static Question of(CompletionStage<Call> call, Routes routes, HttpRequest request, Runnable whenever) {
            var question = new Question(call.toCompletableFuture(), routes, request, whenever);
            question.goOn();
            if (!question.isPut()) {
                var unused = question.call.whenComplete((known, failure) -> whenever.run());
            }
            return question;
        }

        /** The answer; null if it is not there yet. */
        @Nullable
        Reply poll() {
            goOn();
            return isAnswered() ? reply() : null;
        }

        /** Is put to the routes, once it is known who asks. */
        private void goOn() {
            if (answer == null && call.isDone()) {
                CompletableFuture<Reply> begun = put().toCompletableFuture();
                answer = begun;
                if (!begun.isDone()) {
                    var unused = begun.whenComplete((reply, failure) -> whenever.run());
                }
            }
        }

        private CompletionStage<Reply> put() {
            try {
                return routes.answer(call.join());
            } catch (Problem.Refusal | RuntimeException | Error e) {
                return CompletableFuture.failedStage(e);
            }
        }

        /** Whether it was put to the routes, so that its body may come. */
        boolean isPut() {
            return answer != null;
        }

        boolean isAnswered() {
            return answer != null && answer.isDone();
        }

        /** The answer, which is there. */
        Reply reply() {
            try {
                return Objects.requireNonNull(answer).join();
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
            if (answer != null) {
                var unused = answer.thenAccept(reply -> {
                    if (reply instanceof Reply.Streamed streamed) {
                        streamed.body().close();
                    }
                });
            }
        }
    }
}
