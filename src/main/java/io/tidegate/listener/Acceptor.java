package io.tidegate.listener;

import akka.Done;
import akka.NotUsed;
import akka.actor.AbstractActorWithTimers;
import akka.actor.ActorRef;
import akka.actor.Props;
import akka.actor.Terminated;
import akka.io.Inet;
import akka.io.Tcp;
import akka.io.TcpMessage;
import akka.io.TcpSO;
import akka.stream.impl.fusing.GraphStages;
import akka.stream.impl.io.IncomingConnectionStage;
import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.runtime.BoxedUnit;

/**
 * Accepts connections in batches, and only while there are descriptors for them.
 *
 * <p>The accept source of Akka's streams asks for one connection and waits for it: some eight messages and two turns of the
 * selector, one after the other. Here the listener has leave for a batch, and those steps overlap.
 *
 * <p>Without a descriptor accepting fails, and Akka's listener tries again at once, for ever. So a look is taken whether one is
 * free, at each batch and twice a second; while none is, the leave is withdrawn, and clients wait in the kernel's queue.
 *
 * <p>There they wait, too, from the binding until somebody serves them: the kernel has made their connections, keeps what they
 * send, and costs this process neither a descriptor nor memory. So a server can be reached before it can answer.
 *
 * <p>A classic actor, since those are what Akka's TCP speaks to.
 */
final class Acceptor extends AbstractActorWithTimers {

    /** What becomes of accepted connections. Called by the acceptor only. */
    interface Service {
        /** Runs the flow of a connection. */
        void accept(InetSocketAddress remote, Flow<ByteString, ByteString, NotUsed> tcp);

        /** Logs what is due; called twice a second. */
        void report(long nowNanos);
    }

    /** What the acceptor tells the outside. */
    record Progress(
            CompletableFuture<InetSocketAddress> bound,
            CompletableFuture<Done> unbound,
            CompletableFuture<Done> ended) {

        Progress() {
            this(new CompletableFuture<>(), new CompletableFuture<>(), new CompletableFuture<>());
        }
    }

    sealed interface Order {}

    /** Accepts from now on; until then clients wait in the kernel's queue. */
    record Serve(Service service) implements Order {}

    record Unbind() implements Order {}

    private enum Look {
        NOW
    }

    /** Connections that may be accepted before the first of them was looked at. */
    private static final int BATCH = 64;

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

    /** More clients may come all the time. */
    private static final Duration LAST_CALLS = Duration.ofMillis(500);

    /** Who waits is accepted, and heard of, sooner as a rule. */
    private static final Duration LAST_CALL_INTERVAL = Duration.ofMillis(10);

    private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

    /** One for all listeners: descriptors are the process's. */
    private static final Tally SHORTAGES = new Tally(
            log,
            "No descriptor is left for another connection: clients wait. Raise the process's limit (ulimit -n,"
                    + " LimitNOFILE), or lower tidegate.connection.max-connections",
            "times no descriptor was left for a connection");

    private final ListenerSettings settings;
    private final SocketCapture capture;
    private final AcceptQueue queue = new AcceptQueue();
    private final BooleanSupplier isDescriptorFree;
    private final Progress progress;

    private @Nullable ActorRef listener;
    private @Nullable Service service;
    private boolean unbinding;

    /** When it was told to unbind; 0 before that. */
    private long lastCallNanos;

    /** What is left of the batch. */
    private int leave;

    /** Descriptors had run out, and the rush is not over: one connection at a time, each after a look. */
    private boolean scarce;

    private Acceptor(
            ListenerSettings settings, SocketCapture capture, BooleanSupplier isDescriptorFree, Progress progress) {
        this.settings = settings;
        this.capture = capture;
        this.isDescriptorFree = isDescriptorFree;
        this.progress = progress;
    }

    /**
     * An acceptor that binds when it starts, and accepts when it is told to.
     *
     * @param isDescriptorFree whether another connection can be accepted
     */
    static Props props(
            ListenerSettings settings, SocketCapture capture, BooleanSupplier isDescriptorFree, Progress progress) {
        return Props.create(Acceptor.class, () -> new Acceptor(settings, capture, isDescriptorFree, progress));
    }

    @Override
    public void preStart() {
        boolean pullMode = true;
        Tcp.get(getContext().getSystem())
                .getManager()
                .tell(
                        TcpMessage.bind(
                                getSelf(),
                                new InetSocketAddress(settings.host(), settings.port()),
                                settings.backlog(),
                                socketOptions(),
                                pullMode),
                        getSelf());
    }

    private List<Inet.SocketOption> socketOptions() {
        // Said in either case: what Java does by itself differs between systems.
        var options =
                new ArrayList<Inet.SocketOption>(List.of(TcpSO.reuseAddress(settings.reuseAddress()), capture, queue));
        if (settings.reusePort()) {
            options.add(new PortGroup());
        }
        return options;
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Tcp.Connected.class, this::onConnected)
                .match(Look.class, now -> onLook())
                .match(Tcp.Bound.class, this::onBound)
                .match(Tcp.CommandFailed.class, this::onBindFailed)
                .match(Serve.class, this::onServe)
                .match(Unbind.class, unbind -> onUnbind())
                .match(Tcp.Unbound.class, unbound -> onListenerEnded())
                .match(Terminated.class, terminated -> onListenerEnded())
                .build();
    }

    private void onBound(Tcp.Bound bound) {
        listener = getSender();
        getContext().watch(listener);
        progress.bound().complete(bound.localAddress());
    }

    private void onBindFailed(Tcp.CommandFailed failed) {
        Throwable cause = failed.cause().isDefined() ? failed.cause().get() : null;
        progress.bound().completeExceptionally(new IOException("bind failed", cause));
        getContext().stop(getSelf());
    }

    private void onServe(Serve order) {
        service = order.service();
        getTimers().startTimerWithFixedDelay(Look.NOW, Look.NOW, LOOK_INTERVAL);
        giveLeaveIfPossible();
    }

    private void onConnected(Tcp.Connected connected) {
        InetSocketAddress remote = connected.remoteAddress();
        boolean halfClose = true;
        var socket = new IncomingConnectionStage(getSender(), remote, halfClose, () -> BoxedUnit.UNIT);
        // It reads ahead, so that the client's FIN is seen while the session wants no line.
        serving().accept(remote, Flow.fromGraph(socket).via(GraphStages.detacher()));
        leave--;
        if (leave <= BATCH / 2) {
            giveLeaveIfPossible();
        }
        if (lastCallNanos != 0) {
            unbindIfNobodyWaits();
        }
    }

    private void onLook() {
        if (leave > 0) {
            // Nobody waits that could use up what descriptors there are.
            scarce = false;
        }
        giveLeaveIfPossible();
        long now = System.nanoTime();
        SHORTAGES.report(now);
        serving().report(now);
    }

    /** There is one whenever there is leave. */
    private Service serving() {
        return Objects.requireNonNull(service);
    }

    private void giveLeaveIfPossible() {
        if (!isDescriptorFree.getAsBoolean()) {
            SHORTAGES.add(System.nanoTime());
            scarce = true;
            giveLeave(0);
        } else if (scarce) {
            giveLeave(1);
        } else if (leave <= BATCH / 2) {
            giveLeave(BATCH);
        }
    }

    /** Replaces what leave the listener had. */
    private void giveLeave(int connections) {
        leave = connections;
        if (listener != null && !unbinding) {
            listener.tell(TcpMessage.resumeAccepting(connections), getSelf());
        }
    }

    private void onUnbind() {
        if (lastCallNanos == 0) {
            lastCallNanos = System.nanoTime();
        }
        unbindIfNobodyWaits();
    }

    /** Who waits in the kernel when the listening socket is closed is reset, so they are let in first. */
    private void unbindIfNobodyWaits() {
        if (unbinding) {
            return;
        }
        boolean isLate = System.nanoTime() - lastCallNanos > LAST_CALLS.toNanos();
        if (service != null && !isLate && !queue.isEmpty()) {
            getTimers().startSingleTimer(Unbind.class, new Unbind(), LAST_CALL_INTERVAL);
            return;
        }
        unbinding = true;
        if (listener != null) {
            listener.tell(TcpMessage.unbind(), getSelf());
        }
    }

    /** Connections that it accepted may still arrive, so this actor goes on. */
    private void onListenerEnded() {
        getTimers().cancel(Look.NOW);
        if (unbinding) {
            progress.unbound().complete(Done.getInstance());
            progress.ended().complete(Done.getInstance());
        } else {
            progress.ended().completeExceptionally(new IllegalStateException("Akka's listener ended by itself"));
        }
    }

    /** Whoever stopped it: nobody is left waiting. */
    @Override
    public void postStop() {
        var stopped = new IllegalStateException("the acceptor was stopped");
        progress.bound().completeExceptionally(stopped);
        progress.unbound().complete(Done.getInstance());
        progress.ended().complete(Done.getInstance());
    }
}
