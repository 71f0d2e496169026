package io.tidegate.connection;

import akka.NotUsed;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.scaladsl.TcpAttributes;
import akka.util.ByteString;
import io.tidegate.document.Addresses;
import io.tidegate.kernel.KernelSocket;
import io.tidegate.kernel.KernelView;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import jdk.net.ExtendedSocketOptions;

/**
 * A connection that is a running stream:
 *
 * <pre>
 *  socket ─► stage ─► dialogue ─┐
 *  socket ◄─ outbound ◄─────────┘
 * </pre>
 */
public final class SocketConnection implements Connection {

    /** The kernel's questions to a client to which there is nothing to say, before it is given up. */
    private static final int KEEP_ALIVE_PROBES = 3;

    /** The longest silence that the kernel can be asked to break, in seconds. */
    private static final long MOST_KEEP_ALIVE = 32_767;

    private final long id;
    private final String listener;
    private final Instant openedAt = Instant.now();
    private final Socket socket;
    private final Outbound outbound;
    private final KernelSocket kernel;
    private final ConnectionControl stage;
    private final ConnectionSettings settings;
    private final LongSupplier nanoClock;
    private final PeerWatch peer;
    private final QuietWatch quiet;

    /** Of what came and cannot be told to anybody yet. */
    private final InputClock clock;

    /** Whether it was told to end in good order. */
    private volatile boolean told;

    private volatile boolean destroyed;

    private SocketConnection(
            long id,
            String listener,
            Socket socket,
            Outbound outbound,
            KernelSocket kernel,
            ConnectionControl stage,
            ConnectionSettings settings,
            LongSupplier nanoClock) {
        this.id = id;
        this.listener = listener;
        this.socket = socket;
        this.outbound = outbound;
        this.kernel = kernel;
        this.stage = stage;
        this.settings = settings;
        this.nanoClock = nanoClock;
        peer = new PeerWatch(settings.peerTimeout(), settings.deliveredLinger());
        clock = new InputClock(settings.lineTimeout(), settings.minLineRate());
        quiet = new QuietWatch(settings.heartbeatInterval(), nanoClock.getAsLong());
    }

    /**
     * Runs the flow of an accepted connection.
     *
     * @param listener name of the listener that accepted it
     * @param tcp the accepted connection, not materialised yet
     * @param socket the same connection's socket
     * @param threads work for it
     * @param offer what is spoken on it, and how
     * @param nanoClock tells the time of all that has a limit
     */
    public static SocketConnection run(
            long id,
            InetSocketAddress remoteAddress,
            String listener,
            Flow<ByteString, ByteString, NotUsed> tcp,
            Socket socket,
            Threads threads,
            Offer offer,
            ConnectionSettings settings,
            LongSupplier nanoClock) {
        keepAlive(socket, settings);
        var kernel = new KernelSocket(socket.getChannel());
        var plain = new PlainChannel(
                socket.getChannel(), socket::shutdownOutput, () -> received(kernel), () -> notSent(kernel));
        Offer.Beginning beginning = offer.begin(plain, remoteAddress.getAddress(), nanoClock);
        var outbound = new Outbound(beginning.channel(), nanoClock);
        ConnectionControl stage = tcp.addAttributes(TcpAttributes.tcpWriteBufferSize(1))
                .joinMat(
                        Flow.fromGraph(new DialogueStage(
                                id, Peer.at(remoteAddress), outbound, threads.turns(), beginning.opening())),
                        Keep.right())
                .run(threads.streams());
        return new SocketConnection(id, listener, socket, outbound, kernel, stage, settings, nanoClock);
    }

    /** A client that vanished without a word, and to which there is nothing to say, is found by the kernel. */
    private static void keepAlive(Socket socket, ConnectionSettings settings) {
        try {
            socket.setKeepAlive(true);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, seconds(settings.heartbeatInterval()));
            socket.setOption(
                    ExtendedSocketOptions.TCP_KEEPINTERVAL,
                    seconds(settings.peerTimeout().dividedBy(KEEP_ALIVE_PROBES)));
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_PROBES);
        } catch (IOException | UnsupportedOperationException e) {
            // The client is gone already, or this system has no such option: the heartbeat finds it then.
        }
    }

    private static int seconds(Duration silence) {
        return (int) Math.max(1, Math.min(silence.toSeconds(), MOST_KEEP_ALIVE));
    }

    private static long notSent(KernelSocket kernel) {
        KernelView view = kernel.look();
        return view == null ? 0 : view.bytesNotSent();
    }

    private static long received(KernelSocket kernel) {
        KernelView view = kernel.look();
        return view == null ? 0 : view.bytesReceived();
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return look(Conversation::peer).address();
    }

    @Override
    public String listener() {
        return listener;
    }

    @Override
    public Transport transport() {
        return ask(Dialogue::transport);
    }

    @Override
    public String identity() {
        return ask(Dialogue::identity);
    }

    private <T> T look(Function<Conversation, T> what) {
        synchronized (outbound) {
            return what.apply(stage.conversation());
        }
    }

    private <T> T ask(Function<Dialogue<?>, T> what) {
        return look(conversation -> what.apply(conversation.dialogue()));
    }

    private void tell(Consumer<Dialogue<?>> what) {
        synchronized (outbound) {
            what.accept(stage.conversation().dialogue());
        }
    }

    @Override
    public Instant openedAt() {
        return openedAt;
    }

    @Override
    public ConnectionStatus status() {
        long since = outbound.blockedSince();
        Duration stuck = since == 0 ? Duration.ZERO : Duration.ofNanos(nanoClock.getAsLong() - since);
        return new ConnectionStatus(
                id,
                remoteAddress(),
                listener,
                transport(),
                identity(),
                openedAt,
                state(),
                outbound.sent(),
                ask(Dialogue::following),
                look(Conversation::userAgent),
                stuck);
    }

    private ConnectionStatus.State state() {
        if (outbound.isFinished()) {
            return ConnectionStatus.State.FIN_SENT;
        }
        return told ? ConnectionStatus.State.DRAINING : ConnectionStatus.State.OPEN;
    }

    @Override
    public void shutdown(Duration reconnectAfter) {
        told = true;
        stage.shutdown(new Goodbye(CloseReason.SHUTDOWN, reconnectAfter));
    }

    @Override
    public void close() {
        told = true;
        stage.close(CloseReason.CLOSED);
    }

    @Override
    public long idleSince() {
        return told ? 0 : ask(Dialogue::idleSince);
    }

    @Override
    public void endIdle() {
        told = true;
        stage.close(CloseReason.IDLE);
    }

    @Override
    public void abort(CloseReason reason) {
        stage.abort(reason);
    }

    @Override
    public void destroy() {
        destroyed = true;
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It was closed already, which is what was wanted.
        }
    }

    @Override
    public CompletionStage<Ending> ended() {
        return stage.ended().thenApply(ending -> destroyed ? ending.taken() : ending);
    }

    @Override
    public boolean isReleased() {
        return socket.isClosed();
    }

    @Override
    public void check(long nowNanos) {
        if (Deadline.hasPassed(outbound.blockedSince(), settings.stallTimeout(), nowNanos)) {
            abort(CloseReason.STALLED);
        } else if (Deadline.hasPassed(outbound.finishedSince(), settings.lingerTimeout(), nowNanos)) {
            abort(CloseReason.LINGERED);
        } else if (isPeerGone(nowNanos)) {
            abort(CloseReason.UNREACHABLE);
        } else if (isInputOverdue(nowNanos)) {
            stage.close(CloseReason.REFUSED);
        } else {
            checkDelivery(nowNanos);
            boolean isQuiet = quiet.isHeartbeatDue(outbound.sent().bytes(), stage.hasPeerEnded(), nowNanos);
            tell(dialogue -> {
                if (isQuiet) {
                    dialogue.heartbeat();
                }
                dialogue.check(nowNanos);
            });
        }
    }

    private boolean isInputOverdue(long nowNanos) {
        boolean listens = stage.awaitsInput();
        synchronized (outbound) {
            clock.look(outbound.channel().begun(), listens, nowNanos);
        }
        return clock.isOverdue(listens, nowNanos);
    }

    private boolean isPeerGone(long nowNanos) {
        // Our FIN is owed an answer, too, and so is the part of a record, of which no byte counts yet.
        boolean more = outbound.isFinished() || outbound.blockedSince() != 0;
        long written = outbound.sent().bytes() + (more ? 1 : 0);
        KernelView view = peer.isDue(written) ? kernel.look() : null;
        return view != null && peer.isGone(view, written, nowNanos);
    }

    @Override
    public void checkDelivery(long nowNanos) {
        if (Deadline.hasPassed(outbound.finishedSince(), settings.deliveredLinger(), nowNanos)) {
            KernelView view = kernel.look();
            if (view != null && peer.isDelivered(view, stage.received())) {
                stage.letGo();
            }
        } else if (ask(Dialogue::awaitsLastWord) && outbound.blockedSince() == 0) {
            KernelView view = kernel.look();
            if (view != null && peer.isSettled(view, stage.received())) {
                tell(Dialogue::endWait);
            }
        }
    }

    @Override
    public String toString() {
        return "#" + id + " " + Addresses.shown(remoteAddress());
    }
}
