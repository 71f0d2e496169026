package io.tidegate.connection;

import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.Materializer;
import akka.stream.javadsl.BidiFlow;
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
import jdk.net.ExtendedSocketOptions;

/**
 * A connection that is a running stream:
 *
 * <pre>
 *  socket ─► guard ─► protocol: line decoder ─► session ─┐
 *  socket ◄─ guard ◄─────────────────────────────────────┘
 * </pre>
 */
public final class SocketConnection implements Connection {

    /** The kernel's questions to a client to which there is nothing to say, before it is given up. */
    private static final int KEEP_ALIVE_PROBES = 3;

    /** The longest silence that the kernel can be asked to break, in seconds. */
    private static final long MOST_KEEP_ALIVE = 32_767;

    private final long id;
    private final InetSocketAddress remoteAddress;
    private final String listener;
    private final Instant openedAt = Instant.now();
    private final Socket socket;
    private final SocketWriter writer;
    private final KernelSocket kernel;
    private final ConnectionGuard.Control guard;
    private final Dialogue dialogue;
    private final ConnectionSettings settings;
    private final PeerWatch peer;
    private final QuietWatch quiet;

    /** Whether it was told to end in good order. */
    private volatile boolean told;

    private volatile boolean destroyed;

    private SocketConnection(
            long id,
            InetSocketAddress remoteAddress,
            String listener,
            Socket socket,
            SocketWriter writer,
            KernelSocket kernel,
            ConnectionGuard.Control guard,
            Dialogue dialogue,
            ConnectionSettings settings) {
        this.id = id;
        this.remoteAddress = remoteAddress;
        this.listener = listener;
        this.socket = socket;
        this.writer = writer;
        this.kernel = kernel;
        this.guard = guard;
        this.dialogue = dialogue;
        this.settings = settings;
        peer = new PeerWatch(settings.peerTimeout(), settings.deliveredLinger());
        quiet = new QuietWatch(settings.heartbeatInterval(), System.nanoTime());
    }

    /**
     * Runs the flow of an accepted connection.
     *
     * @param listener name of the listener that accepted it
     * @param tcp the accepted connection, not materialised yet
     * @param socket the same connection's socket
     * @param protocol what is spoken on it
     * @param materializer the system's: bound to an actor, a crash of that actor would reset everybody
     */
    public static SocketConnection run(
            long id,
            InetSocketAddress remoteAddress,
            String listener,
            Flow<ByteString, ByteString, NotUsed> tcp,
            Socket socket,
            Protocol protocol,
            ConnectionSettings settings,
            Materializer materializer) {
        keepAlive(socket, settings);
        var kernel = new KernelSocket(socket.getChannel());
        var writer = new SocketWriter(socket.getChannel(), socket::shutdownOutput, () -> received(kernel));
        Pair<ConnectionGuard.Control, Dialogue> running = tcp.addAttributes(TcpAttributes.tcpWriteBufferSize(1))
                .joinMat(
                        BidiFlow.fromGraph(new ConnectionGuard(id, writer)).join(protocol.open(writer), Keep.both()),
                        Keep.right())
                .run(materializer);
        return new SocketConnection(
                id, remoteAddress, listener, socket, writer, kernel, running.first(), running.second(), settings);
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
        return remoteAddress;
    }

    @Override
    public String listener() {
        return listener;
    }

    @Override
    public Transport transport() {
        return dialogue.transport();
    }

    @Override
    public Instant openedAt() {
        return openedAt;
    }

    @Override
    public ConnectionStatus status() {
        long writingSince = guard.writingSince();
        Duration stuck = writingSince == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - writingSince);
        return new ConnectionStatus(
                id,
                remoteAddress,
                listener,
                transport(),
                openedAt,
                state(),
                writer.sent(),
                dialogue.following(),
                dialogue.userAgent(),
                stuck);
    }

    private ConnectionStatus.State state() {
        if (guard.finishedAt() != 0) {
            return ConnectionStatus.State.FIN_SENT;
        }
        return told ? ConnectionStatus.State.DRAINING : ConnectionStatus.State.OPEN;
    }

    @Override
    public void shutdown(Duration reconnectAfter) {
        told = true;
        // In this order: the dialogue may end at once, and when it sees its input end it knows that it has to say
        // goodbye.
        guard.expectEnd(CloseReason.SHUTDOWN);
        if (dialogue.shutdown(new Goodbye(CloseReason.SHUTDOWN, reconnectAfter))) {
            guard.stopReading();
        }
    }

    @Override
    public void close() {
        told = true;
        guard.close(CloseReason.CLOSED);
    }

    @Override
    public long idleSince() {
        return told ? 0 : dialogue.idleSince();
    }

    @Override
    public void endIdle() {
        told = true;
        guard.close(CloseReason.IDLE);
    }

    @Override
    public void abort(CloseReason reason) {
        guard.abort(reason);
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
        return guard.ended().thenApply(this::explained);
    }

    /** The guard does not know why what it guards has ended. */
    private Ending explained(Ending ending) {
        if (destroyed) {
            return ending.taken();
        }
        CloseReason dialogues = dialogue.endReason();
        boolean isByDialogue = ending.reason() == CloseReason.QUIT
                || (ending.reason() == CloseReason.PEER_CLOSED && dialogues != CloseReason.QUIT);
        return isByDialogue ? ending.because(dialogues) : ending;
    }

    @Override
    public boolean isReleased() {
        return socket.isClosed();
    }

    @Override
    public void check(long nowNanos) {
        if (hasPassed(guard.writingSince(), settings.stallTimeout(), nowNanos)) {
            abort(CloseReason.STALLED);
        } else if (hasPassed(guard.finishedAt(), settings.lingerTimeout(), nowNanos)) {
            abort(CloseReason.LINGERED);
        } else if (isPeerGone(nowNanos)) {
            abort(CloseReason.UNREACHABLE);
        } else {
            checkDelivery(nowNanos);
            if (quiet.isHeartbeatDue(writer.sent().bytes(), guard.hasPeerEnded(), nowNanos)) {
                dialogue.heartbeat();
            }
            dialogue.check(nowNanos);
        }
    }

    private boolean isPeerGone(long nowNanos) {
        // Our FIN is owed an answer, too.
        long written = writer.sent().bytes() + (guard.finishedAt() == 0 ? 0 : 1);
        KernelView view = peer.isDue(written) ? kernel.look() : null;
        return view != null && peer.isGone(view, written, nowNanos);
    }

    @Override
    public void checkDelivery(long nowNanos) {
        if (hasPassed(guard.finishedAt(), settings.deliveredLinger(), nowNanos)) {
            KernelView view = kernel.look();
            if (view != null && peer.isDelivered(view, guard.received())) {
                guard.letGo();
            }
        } else if (dialogue.awaitsLastWord() && guard.writingSince() == 0) {
            KernelView view = kernel.look();
            if (view != null && peer.isSettled(view, guard.received())) {
                dialogue.endWait();
            }
        }
    }

    private static boolean hasPassed(long since, Duration limit, long nowNanos) {
        return since != 0 && nowNanos - since >= limit.toNanos();
    }

    @Override
    public String toString() {
        return "#" + id + " " + Addresses.shown(remoteAddress);
    }
}
