package io.tidegate.http;

import io.tidegate.access.Pass;
import io.tidegate.connection.Peer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What a request comes through to its answer: the guard, then who asks, then the routes. */
record Door(BrowserGuard guard, Callers callers, Routes routes) {

    /** What the client of a connection may do that shows nothing more. */
    Pass enter(Peer peer) {
        return callers.enter(peer);
    }

    /**
     * Answers.
     *
     * @param connection what its client may do by itself
     * @param whenKnown told who asks
     */
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
}
