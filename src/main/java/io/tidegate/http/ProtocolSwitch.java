package io.tidegate.http;

import akka.NotUsed;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import io.tidegate.connection.Dialogue;
import io.tidegate.connection.Protocol;
import io.tidegate.connection.SocketWriter;
import io.tidegate.feed.EventLines;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Following;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Transport;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs HTTP on a connection until it has ended there, and then what was asked for by a request.
 *
 * <pre>
 *  guard ─► in ─► ( Akka HTTP ⇄ Exchange )            ─► out ─► guard
 *                 then: session
 * </pre>
 *
 * <p>What runs inside is a stream of its own on the same actor. It is gone when it has ended: a follower does not pay for Akka
 * HTTP's memory. The output is asked for more only when the guard is, without a buffer between, so that "asked for more" still
 * means that every byte of before is with the kernel, also for a session that writes to the socket itself.
 *
 * <p>It also watches the limits of time of HTTP, which the connection's manager has checked once a second.
 */
final class ProtocolSwitch
        extends AbstractGraphStageWithMaterializedValue<FlowShape<ByteString, EventLines>, Dialogue> {

    private static final ByteString SERVER_ERROR = ByteString.fromString("HTTP/1.1 5");

    private final Inlet<ByteString> in = Inlet.create("ProtocolSwitch.in");
    private final Outlet<EventLines> out = Outlet.create("ProtocolSwitch.out");
    private final FlowShape<ByteString, EventLines> shape = FlowShape.of(in, out);
    private final HttpLayer layer;
    private final BrowserGuard guard;
    private final Routes routes;
    private final HttpSettings settings;
    private final BooleanSupplier isDraining;
    private final SocketWriter socket;

    ProtocolSwitch(
            HttpLayer layer,
            BrowserGuard guard,
            Routes routes,
            HttpSettings settings,
            BooleanSupplier isDraining,
            SocketWriter socket) {
        this.layer = layer;
        this.guard = guard;
        this.routes = routes;
        this.settings = settings;
        this.isDraining = isDraining;
        this.socket = socket;
    }

    @Override
    public FlowShape<ByteString, EventLines> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Dialogue> createLogicAndMaterializedValuePair(Attributes inheritedAttributes) {
        var logic = new Logic();
        return Pair.create(logic, logic);
    }

    private final class Logic extends GraphStageLogic implements Dialogue, Exchange.Owner {

        private final AsyncCallback<Runnable> onStage = createAsyncCallback(Runnable::run);

        private @Nullable SubSourceOutlet<ByteString> toInner;
        private @Nullable SubSinkInlet<EventLines> fromInner;

        /** Null when HTTP has ended. */
        private volatile Exchange.@Nullable Control exchange;

        private @Nullable Protocol next;

        /** Came before what is spoken next was there. */
        private @Nullable ByteString early;

        private @Nullable Goodbye goodbye;
        private long received;

        /** What came of the request whose head is awaited. */
        private ByteString head = ByteString.emptyByteString();

        private volatile @Nullable Dialogue dialogue;
        private volatile String userAgent = "";
        private volatile CloseReason endReason = CloseReason.QUIT;

        // System.nanoTime; 0 if that is not so.
        private volatile long idleSince;
        private volatile long headSince;

        Logic() {
            super(shape);
            setHandler(in, new In());
            setHandler(out, new Out());
        }

        /** Bytes from the client. */
        private final class In extends AbstractInHandler {
            @Override
            public void onPush() {
                ByteString bytes = grab(in);
                received += bytes.size();
                if (next != null) {
                    early = bytes;
                } else if (idleSince == 0 || isHeadPossible(bytes)) {
                    pushInner(bytes);
                }
            }

            @Override
            public void onUpstreamFinish() {
                completeInner();
            }
        }

        /** The kernel has all that came before. */
        private final class Out extends AbstractOutHandler {
            @Override
            public void onPull() {
                pullInner();
            }
        }

        /** More of the client's bytes are wanted. */
        private final class ToInner extends AbstractOutHandler {
            @Override
            public void onPull() {
                ByteString bytes = early;
                if (bytes != null) {
                    early = null;
                    pushInner(bytes);
                    if (isClosed(in)) {
                        completeInner();
                    }
                } else if (!isClosed(in) && !hasBeenPulled(in)) {
                    pull(in);
                    if (goodbye != null) {
                        // After what may have come already.
                        onStage.invoke(Logic.this::finishIfQuiet);
                    }
                }
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
                if (next == null && !isClosed(in)) {
                    // The guard discards what still comes.
                    cancel(in);
                }
            }
        }

        /** For the client. */
        private final class FromInner extends AbstractInHandler {

            private final SubSinkInlet<EventLines> inner;

            FromInner(SubSinkInlet<EventLines> inner) {
                this.inner = inner;
            }

            @Override
            public void onPush() {
                EventLines lines = inner.grab();
                push(out, headSince != 0 && isServerError(lines) ? noRequest() : lines);
            }

            @Override
            public void onUpstreamFinish() {
                Protocol following = next;
                if (following != null) {
                    next = null;
                    speak(following);
                } else {
                    if (headSince != 0) {
                        endReason = CloseReason.REFUSED;
                    }
                    completeStage();
                }
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
                if (failure instanceof DocumentStream.Broken) {
                    // The missing last chunk tells the client; a reset could take the chunks before with it.
                    completeStage();
                } else {
                    failStage(failure);
                }
            }
        }

        @Override
        public void preStart() {
            var http = Flow.fromGraph(new Exchange(guard, routes, settings, isDraining, this));
            NotUsed unused = run(layer.join(http).map(EventLines::withoutUpdates));
        }

        private <T> T run(Flow<ByteString, EventLines, T> inner) {
            completeInner();
            var source = new SubSourceOutlet<ByteString>("ProtocolSwitch.toInner");
            var sink = new SubSinkInlet<EventLines>("ProtocolSwitch.fromInner");
            source.setHandler(new ToInner());
            sink.setHandler(new FromInner(sink));
            toInner = source;
            fromInner = sink;
            T running = Source.fromGraph(source.source())
                    .viaMat(inner, Keep.right())
                    .to(Sink.fromGraph(sink.sink()))
                    .run(subFusingMaterializer());
            if (isAvailable(out)) {
                pullInner();
            }
            if (isClosed(in) && early == null) {
                completeInner();
            }
            return running;
        }

        private void pushInner(ByteString bytes) {
            SubSourceOutlet<ByteString> inner = toInner;
            if (inner != null && !inner.isClosed() && inner.isAvailable()) {
                inner.push(bytes);
            }
        }

        private void completeInner() {
            SubSourceOutlet<ByteString> inner = toInner;
            if (inner != null && !inner.isClosed()) {
                inner.complete();
            }
        }

        private void pullInner() {
            SubSinkInlet<EventLines> inner = fromInner;
            if (inner != null && !inner.isClosed() && !inner.hasBeenPulled()) {
                inner.pull();
            }
        }

        private void speak(Protocol following) {
            exchange = null;
            idleSince = 0;
            headSince = 0;
            Dialogue running = run(following.open(socket));
            dialogue = running;
            if (goodbye != null) {
                shutDown(running, goodbye);
            }
        }

        private void shutDown(Dialogue running, Goodbye last) {
            if (running.shutdown(last)) {
                completeInner();
                cancel(in);
            }
        }

        // ---- the head of a request

        /** Before there is a request nothing can go wrong but the client's bytes, whatever Akka HTTP makes of them. */
        private static boolean isServerError(EventLines lines) {
            return lines.bytes().startsWith(SERVER_ERROR, 0);
        }

        private EventLines noRequest() {
            return EventLines.withoutUpdates(RequestLine.problem(head).raw());
        }

        private boolean isHeadPossible(ByteString more) {
            if (headSince == 0) {
                headSince = System.nanoTime();
                head = ByteString.emptyByteString();
            } else if (head.size() > settings.maxHeadBytes() && refuse(HttpProtocol.HEAD_TOO_LARGE)) {
                return false;
            }
            head = head.concat(more);
            return true;
        }

        /** Says a last word past HTTP; not while it still has something to send. */
        private boolean refuse(Problem problem) {
            if (!isAvailable(out)) {
                return false;
            }
            endReason = CloseReason.REFUSED;
            push(out, EventLines.withoutUpdates(problem.raw()));
            completeStage();
            return true;
        }

        // ---- Exchange.Owner: on the stream

        @Override
        public void started(Exchange.Control running) {
            exchange = running;
        }

        @Override
        public void stopped() {
            exchange = null;
        }

        @Override
        public void requestBegun(HttpRequest request) {
            userAgent = request.getHeader("User-Agent").map(HttpHeader::value).orElse("");
            head = ByteString.emptyByteString();
            idleSince = 0;
            headSince = 0;
        }

        @Override
        public void idle() {
            idleSince = System.nanoTime();
        }

        @Override
        public void cutByDrain() {
            endReason = CloseReason.SHUTDOWN;
        }

        @Override
        public void switchTo(Protocol following) {
            next = following;
        }

        // ---- Dialogue: any thread

        @Override
        public Transport transport() {
            Dialogue running = dialogue;
            return running == null ? Transport.HTTP : running.transport();
        }

        @Override
        public Following following() {
            Dialogue running = dialogue;
            return running == null ? Following.NOTHING : running.following();
        }

        @Override
        public String userAgent() {
            return userAgent;
        }

        @Override
        public CloseReason endReason() {
            Dialogue running = dialogue;
            return running == null ? endReason : running.endReason();
        }

        @Override
        public boolean shutdown(Goodbye last) {
            onStage.invoke(() -> {
                goodbye = last;
                if (dialogue != null) {
                    shutDown(dialogue, last);
                } else if (exchange != null) {
                    exchange.drain();
                    finishIfQuiet();
                }
            });
            return false;
        }

        /** Ends HTTP if there is no request under way, and no byte of one: one that is on its way from the kernel is answered. */
        private void finishIfQuiet() {
            if (exchange != null
                    && idleSince != 0
                    && headSince == 0
                    && toInner != null
                    && toInner.isAvailable()
                    && !socket.hasUnread(received)) {
                exchange.finish();
            }
        }

        @Override
        public void heartbeat() {
            Dialogue running = dialogue;
            if (running != null) {
                running.heartbeat();
            }
        }

        @Override
        public long idleSince() {
            return idleSince;
        }

        @Override
        public boolean awaitsLastWord() {
            Dialogue running = dialogue;
            return running != null && running.awaitsLastWord();
        }

        @Override
        public void endWait() {
            Dialogue running = dialogue;
            if (running != null) {
                running.endWait();
            }
        }

        @Override
        public void check(long nowNanos) {
            Dialogue running = dialogue;
            Exchange.Control request = exchange;
            if (running != null) {
                running.check(nowNanos);
            } else if (isOverdue(nowNanos)) {
                onStage.invoke(() -> endOverdue(nowNanos));
            } else if (request != null) {
                request.check(nowNanos);
            }
        }

        private boolean isOverdue(long nowNanos) {
            return hasPassed(headSince, settings.headTimeout(), nowNanos)
                    || hasPassed(idleSince, settings.idleTimeout(), nowNanos);
        }

        private void endOverdue(long nowNanos) {
            if (exchange == null || idleSince == 0) {
                return;
            }
            if (headSince == 0) {
                if (hasPassed(idleSince, settings.idleTimeout(), nowNanos) && !socket.hasUnread(received)) {
                    endReason = CloseReason.IDLE;
                    exchange.finish();
                }
            } else if (hasPassed(headSince, settings.headTimeout(), nowNanos)) {
                refuse(HttpProtocol.HEAD_TIMED_OUT);
            }
        }

        private static boolean hasPassed(long since, Duration limit, long nowNanos) {
            return since != 0 && nowNanos - since >= limit.toNanos();
        }
    }
}
