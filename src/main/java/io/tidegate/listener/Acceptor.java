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
import java.util.function.LongSupplier;
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

        /** What a client is told that comes too late to be served, before its FIN. */
        default ByteString lastWord() {
            return ByteString.emptyByteString();
        }

        /**
         * The same, where it depends on what the client asks for.
         *
         * @param said what came from it so far
         */
        default ByteString lastWord(ByteString said) {
            return lastWord();
        }

        /** How many may be accepted now, as far as what they are served with is concerned. */
        default int room() {
            return Integer.MAX_VALUE;
        }

        /**
         * Asks to be told whenever there is room again.
         *
         * @param listener called by any thread
         */
        default void whenRoom(Runnable listener) {}

        /** Logs what is due; called twice a second. */
        void report(long nowNanos);
    }

    /**
     * What the acceptor tells the outside.
     *
     * @param unbound how many clients waited when it closed, and were reset
     */
    record Progress(
            CompletableFuture<InetSocketAddress> bound,
            CompletableFuture<Long> unbound,
            CompletableFuture<Done> ended) {

        Progress() {
            this(new CompletableFuture<>(), new CompletableFuture<>(), new CompletableFuture<>());
        }
    }

    sealed interface Order {}

    /** Accepts from now on; until then clients wait in the kernel's queue. */
    record Serve(Service service) implements Order {}

    /**
     * Lets in who waits, and closes.
     *
     * @param patience it closes after this long at the latest
     */
    record Unbind(Duration patience) implements Order {}

    private enum Look {
        NOW
    }

    private record Room() {}

    private record LastLook() {}

    private record Straggling() {}

    /** Connections that may be accepted before the first of them was looked at. */
    private static final int BATCH = Descriptors.share(64);

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

    /** Who waits is accepted, and heard of, sooner as a rule. */
    private static final Duration LAST_CALL_INTERVAL = Duration.ofMillis(10);

    /** Who was accepted before the listener closed is on the way here, one after the other. */
    private static final Duration STRAGGLING = Duration.ofMillis(30);

    private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

    /** One for all listeners: descriptors are the process's. */
    private static final Tally SHORTAGES = new Tally(
            log,
            () -> "No descriptor is left for another connection: clients wait. Raise the process's limit (ulimit -n,"
                    + " LimitNOFILE), or lower tidegate.connection.max-connections",
            "times no descriptor was left for a connection");

    private final ListenerSettings settings;
    private final SocketCapture capture;
    private final AcceptQueue queue = new AcceptQueue();
    private final BooleanSupplier isDescriptorFree;
    private final LongSupplier nanoClock;
    private final Progress progress;

    private @Nullable ActorRef listener;
    private @Nullable Service service;
    /** The kernel ignores who asks for a connection. */
    private boolean takesNoMore;

    private boolean unbinding;

    /** Null before it was told to unbind. */
    private @Nullable LastCalls lastCalls;

    private final LastWords lastWords = new LastWords();

    private long connectedNanos;

    /** Clients that were reset. */
    private long unaccepted;

    /** What is left of the batch. */
    private int leave;

    /** Descriptors had run out, and the rush is not over: one connection at a time, each after a look. */
    private boolean scarce;

    private Acceptor(
            ListenerSettings settings,
            SocketCapture capture,
            BooleanSupplier isDescriptorFree,
            LongSupplier nanoClock,
            Progress progress) {
        this.settings = settings;
        this.capture = capture;
        this.isDescriptorFree = isDescriptorFree;
        this.nanoClock = nanoClock;
        this.progress = progress;
        connectedNanos = nanoClock.getAsLong();
    }

    /**
     * An acceptor that binds when it starts, and accepts when it is told to.
     *
     * @param isDescriptorFree whether another connection can be accepted
     */
    static Props props(
            ListenerSettings settings,
            SocketCapture capture,
            BooleanSupplier isDescriptorFree,
            LongSupplier nanoClock,
            Progress progress) {
        return Props.create(
                Acceptor.class, () -> new Acceptor(settings, capture, isDescriptorFree, nanoClock, progress));
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
                .match(Room.class, room -> giveLeaveIfPossible())
                .match(Tcp.Bound.class, this::onBound)
                .match(Tcp.CommandFailed.class, this::onBindFailed)
                .match(Serve.class, this::onServe)
                .match(Unbind.class, this::onUnbind)
                .match(LastLook.class, look -> unbindIfNobodyWaits())
                .match(Tcp.Unbound.class, unbound -> onListenerEnded())
                .match(Straggling.class, straggling -> onStraggling())
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
        ActorRef self = getSelf();
        service.whenRoom(() -> self.tell(new Room(), self));
        getTimers().startTimerWithFixedDelay(Look.NOW, Look.NOW, LOOK_INTERVAL);
        giveLeaveIfPossible();
    }

    private void onConnected(Tcp.Connected connected) {
        InetSocketAddress remote = connected.remoteAddress();
        boolean halfClose = true;
        var socket = new IncomingConnectionStage(getSender(), remote, halfClose, () -> BoxedUnit.UNIT);
        // It reads ahead, so that the client's FIN is seen while the session wants no line.
        serving().accept(remote, Flow.fromGraph(socket).via(GraphStages.detacher()));
        connectedNanos = nanoClock.getAsLong();
        leave--;
        if (isLeaveDue()) {
            giveLeaveIfPossible();
        }
        if (lastCalls != null) {
            lastCalls.letIn(connectedNanos);
            unbindIfNobodyWaits();
        }
    }

    private void onLook() {
        if (leave > 0) {
            // Nobody waits that could use up what descriptors there are.
            scarce = false;
        }
        giveLeaveIfPossible();
        long now = nanoClock.getAsLong();
        SHORTAGES.report(now);
        serving().report(now);
    }

    /** There is one whenever there is leave. */
    private Service serving() {
        return Objects.requireNonNull(service);
    }

    private void giveLeaveIfPossible() {
        if (lastCalls != null && lastCalls.isLong(nanoClock.getAsLong())) {
            giveLeave(0);
        } else if (!isDescriptorFree.getAsBoolean()) {
            SHORTAGES.add(nanoClock.getAsLong());
            scarce = true;
            giveLeave(0);
        } else if (scarce) {
            giveLeave(Math.min(1, batch()));
        } else if (isLeaveDue()) {
            giveLeave(batch());
        }
    }

    private boolean isLeaveDue() {
        int batch = batch();
        return batch == 0 ? leave > 0 : leave <= batch / 2;
    }

    /** As many as may be accepted before the first of them was looked at. When it unbinds, whoever waits is let in. */
    private int batch() {
        return lastCalls == null ? Math.min(BATCH, serving().room()) : BATCH;
    }

    /** Replaces what leave the listener had. */
    private void giveLeave(int connections) {
        leave = connections;
        if (listener != null && !unbinding) {
            listener.tell(TcpMessage.resumeAccepting(connections), getSelf());
        }
    }

    private void onUnbind(Unbind order) {
        if (lastCalls == null || order.patience().isZero()) {
            // What it has leave for may be on its way here.
            lastCalls = new LastCalls(queue.length() + leave, order.patience(), nanoClock.getAsLong());
        }
        if (service != null && isLeaveDue()) {
            // Those who come at once may have been kept waiting.
            giveLeaveIfPossible();
        }
        unbindIfNobodyWaits();
    }

    /** Who waits in the kernel when the listening socket is closed is reset, so they are let in first. */
    private void unbindIfNobodyWaits() {
        if (unbinding || lastCalls == null) {
            return;
        }
        long now = nanoClock.getAsLong();
        lastWords.look(now);
        // Counted behind the look, and whoever came between the two is waited for, too.
        boolean isEmpty = queue.isEmpty();
        unaccepted = queue.length();
        if (!lastCalls.isOver(isEmpty && unaccepted == 0, now)) {
            if (service == null || lastCalls.isLong(now)) {
                giveLeave(0);
                for (int left = queue.tell(lastWords, this::lastWord, now); left > 0; left--) {
                    lastCalls.letIn(now);
                }
            }
            getTimers().startSingleTimer(LastLook.class, new LastLook(), LAST_CALL_INTERVAL);
            return;
        }
        if (!takesNoMore && !lastCalls.isOutOfPatience(now) && queue.takeNoMore()) {
            // Whose connection is half made by now comes within a round trip: it is looked once more.
            takesNoMore = true;
            getTimers().startSingleTimer(LastLook.class, new LastLook(), LAST_CALL_INTERVAL);
            return;
        }
        unbinding = true;
        if (listener != null) {
            listener.tell(TcpMessage.unbind(), getSelf());
        }
    }

    /** Who waited for a server that never served gets FIN only. */
    private ByteString lastWord(ByteString said) {
        return service == null ? ByteString.emptyByteString() : service.lastWord(said);
    }

    private void onListenerEnded() {
        getTimers().cancel(Look.NOW);
        if (unbinding) {
            onStraggling();
        } else {
            progress.ended().completeExceptionally(new IllegalStateException("Akka's listener ended by itself"));
        }
    }

    /** Whoever it accepted in the last moment has to be served before it is said that nobody more comes. */
    private void onStraggling() {
        long now = nanoClock.getAsLong();
        lastWords.look(now);
        boolean isPatient = lastCalls != null && !lastCalls.isOutOfPatience(now);
        if (now - connectedNanos < STRAGGLING.toNanos() || (isPatient && lastWords.size() > 0)) {
            getTimers().startSingleTimer(Straggling.class, new Straggling(), LAST_CALL_INTERVAL);
        } else {
            unaccepted += lastWords.size();
            lastWords.end();
            progress.unbound().complete(unaccepted);
            progress.ended().complete(Done.getInstance());
        }
    }

    /** Whoever stopped it: nobody is left waiting. */
    @Override
    public void postStop() {
        lastWords.end();
        var stopped = new IllegalStateException("the acceptor was stopped");
        progress.bound().completeExceptionally(stopped);
        progress.unbound().complete(unaccepted);
        progress.ended().complete(Done.getInstance());
    }
}
