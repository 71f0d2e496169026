package io.tidegate.http;

import akka.NotUsed;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.Connection;
import akka.http.javadsl.model.headers.RawRequestURI;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import io.tidegate.connection.PlainStage;
import io.tidegate.connection.Protocol;
import io.tidegate.wire.ErrorCode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the requests of one connection, one after the other, and has them answered.
 *
 * <pre>
 *  request ─► routes ─► reply: response ─► Akka HTTP's renderer
 *                         └──► what is spoken next ─► owner, and the end of HTTP on this connection
 * </pre>
 *
 * <p>The next request is asked for when the response before it has ended, body and all. Everything runs on the connection's
 * stream; replies and the ends of bodies come in by callbacks.
 */
final class Exchange extends GraphStage<FlowShape<HttpRequest, HttpResponse>> {

    /** The connection, as the exchange sees it; called on the stream only. */
    interface Owner {

        /** From now on the exchange can be told what happens to the connection. */
        void started(Control exchange);

        /** Nothing happens to it any more. */
        void stopped();

        /** A request was read up to its body. */
        void requestBegun(HttpRequest request);

        /** Its response has ended, and the next request is waited for. */
        void idle();

        /** The response that comes now would not have been the last, were the server not draining. */
        void cutByDrain();

        /** What is to be spoken when HTTP has ended on this connection. */
        void switchTo(Protocol next);
    }

    /** What the connection may do to its exchange; from any thread. */
    interface Control {

        /** The response under way is the last, its request is waited for no longer, and requests that still come get a 503. */
        void drain();

        /** Ends it if it is idle. */
        void finish();

        /** Gives up on the body of the request under way if it is too slow. */
        void check(long nowNanos);
    }

    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private static final Problem BODY_NOT_AWAITED = Problem.unavailable(
            ErrorCode.DRAINING,
            "the server is about to stop and did not wait for the rest of the body: send what was not accepted, on another connection");

    private final Inlet<HttpRequest> in = Inlet.create("Exchange.in");
    private final Outlet<HttpResponse> out = Outlet.create("Exchange.out");
    private final FlowShape<HttpRequest, HttpResponse> shape = FlowShape.of(in, out);
    private final BrowserGuard guard;
    private final Routes routes;
    private final HttpSettings settings;
    private final BooleanSupplier isDraining;
    private final Owner owner;

    Exchange(BrowserGuard guard, Routes routes, HttpSettings settings, BooleanSupplier isDraining, Owner owner) {
        this.guard = guard;
        this.routes = routes;
        this.settings = settings;
        this.isDraining = isDraining;
        this.owner = owner;
    }

    @Override
    public FlowShape<HttpRequest, HttpResponse> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    /** One answer that is waited for: a late one of a request that was given up finds nobody. */
    private record Answered(CompletionStage<Reply> question, @Nullable Reply reply, @Nullable Throwable failure) {}

    private final class Logic extends GraphStageLogic implements Control {

        private final AsyncCallback<Answered> onAnswered = createAsyncCallback(this::answered);
        private final AsyncCallback<NotUsed> onBodyEnded = createAsyncCallback(done -> bodyEnded());

        private final AsyncCallback<Runnable> onStage = createAsyncCallback(Runnable::run);

        /** The request under way. */
        private @Nullable HttpRequest asked;

        private @Nullable CompletionStage<Reply> question;
        private Reply.@Nullable Streamed sending;

        /** What every answer to the request under way has, also one that was not made by the routes. */
        private List<HttpHeader> signature = List.of();

        /** Of the request under way. */
        private volatile @Nullable Body body;

        private boolean draining;

        /** The client was told that no response follows, or no request can. */
        private boolean last;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    HttpRequest request = grab(in);
                    owner.requestBegun(request);
                    ask(request);
                }

                @Override
                public void onUpstreamFinish() {
                    // The client closed its side, or the last request said that it is the last: its answer is still
                    // sent.
                    last = true;
                    if (isIdle()) {
                        completeStage();
                    }
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    askForRequest();
                }
            });
        }

        @Override
        public void preStart() {
            owner.started(this);
            owner.idle();
        }

        private boolean isIdle() {
            return question == null && sending == null;
        }

        private void askForRequest() {
            if (isIdle() && isAvailable(out) && !isClosed(in) && !hasBeenPulled(in)) {
                pull(in);
            }
        }

        private void ask(HttpRequest request) {
            // The server may have begun to drain, and not told this connection yet.
            draining |= isDraining.getAsBoolean();
            signature = guard.leave(request);
            asked = request;
            CompletionStage<Reply> answer;
            try {
                answer = answer(request);
            } catch (Problem.Refusal | RuntimeException e) {
                answer = CompletableFuture.failedStage(e);
            }
            question = answer;
            CompletionStage<Reply> waited = answer;
            var unused =
                    answer.whenComplete((reply, failure) -> onAnswered.invoke(new Answered(waited, reply, failure)));
        }

        private CompletionStage<Reply> answer(HttpRequest request) throws Problem.Refusal {
            for (HttpHeader header : request.getHeaders()) {
                if (header.name().isEmpty()) {
                    throw HttpProtocol.NO_REQUEST.refusal();
                }
            }
            String raw = request.getHeader(RawRequestURI.class)
                    .map(RawRequestURI::uri)
                    .orElse("/");
            var coming = new Body(request.entity(), settings);
            body = coming;
            return guard.answer(
                    coming.in(request),
                    Target.parse(request.method().value(), raw),
                    draining ? (refused, target) -> refuse() : routes);
        }

        private static CompletionStage<Reply> refuse() throws Problem.Refusal {
            throw HttpProtocol.DRAINING.refusal();
        }

        @SuppressWarnings("ReferenceEquality") // The same question, not an equal one.
        private void answered(Answered answered) {
            Reply reply = answered.reply() == null ? refusal(problem(answered.failure())) : answered.reply();
            if (question == answered.question()) {
                question = null;
                body = null;
                send(reply);
            } else {
                drop(reply);
            }
        }

        private Reply refusal(Problem problem) {
            HttpRequest asking = asked;
            return asking != null && StreamRefusal.concerns(asking, problem)
                    ? Reply.of(StreamRefusal.response(problem))
                    : Reply.of(problem);
        }

        private void send(Reply answer) {
            Reply reply = answer.withHead(head -> head.addHeaders(signature).addHeader(HttpProtocol.NO_SNIFFING));
            if (reply instanceof Reply.Whole whole) {
                push(out, marked(whole.response()));
                responseEnded();
            } else if (reply instanceof Reply.Streamed streamed) {
                sending = streamed;
                var watched = streamed.body().watchTermination((unused, ended) -> PlainStage.of(ended)
                        .whenComplete((done, failure) -> onBodyEnded.invoke(NotUsed.getInstance())));
                push(out, marked(streamed.head()).withEntity(HttpEntities.createChunked(streamed.type(), watched)));
            } else if (reply instanceof Reply.Switching switching) {
                owner.switchTo(switching.next());
                push(out, switching.head());
                completeStage();
            }
        }

        /** After the last response the connection ends, and the client is told so. */
        private HttpResponse marked(HttpResponse response) {
            // The drain may be the very reason of this refusal, and have begun since the request came. Any other answer
            // is not the last until the connection is told: its client may have sent the next request already.
            draining |= response.status().equals(StatusCodes.SERVICE_UNAVAILABLE) && isDraining.getAsBoolean();
            if (draining && !last) {
                last = true;
                owner.cutByDrain();
            }
            return last ? response.addHeader(Connection.create("close")) : response;
        }

        private void bodyEnded() {
            drop(sending);
            sending = null;
            responseEnded();
        }

        private void responseEnded() {
            if (last) {
                completeStage();
            } else {
                owner.idle();
                askForRequest();
            }
        }

        @Override
        public void drain() {
            onStage.invoke(() -> {
                draining = true;
                Body coming = body;
                if (coming != null) {
                    coming.hurry(BODY_NOT_AWAITED);
                }
            });
        }

        @Override
        public void finish() {
            onStage.invoke(() -> {
                if (isIdle()) {
                    completeStage();
                }
            });
        }

        @Override
        public void check(long nowNanos) {
            Body coming = body;
            if (coming != null) {
                coming.check(nowNanos);
            }
        }

        @Override
        public void postStop() {
            owner.stopped();
            drop(sending);
            CompletionStage<Reply> unanswered = question;
            question = null;
            if (unanswered != null) {
                var unused = unanswered.thenAccept(Exchange::drop);
            }
        }
    }

    private static void drop(@Nullable Reply reply) {
        if (reply instanceof Reply.Streamed streamed) {
            streamed.whenOver().run();
        }
    }

    /** What the client is told of a failure. */
    private static Problem problem(@Nullable Throwable failure) {
        Problem ofTheBody = failure == null ? null : Body.problem(failure);
        if (ofTheBody != null) {
            return ofTheBody;
        }
        log.error("A request failed: internal error", failure);
        return Problem.of(
                StatusCodes.INTERNAL_SERVER_ERROR, ErrorCode.INTERNAL_ERROR, "the server has a bug: its log says more");
    }
}
