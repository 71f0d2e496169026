package io.tidegate.connection;

import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.Materializer;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.scaladsl.TcpAttributes;
import akka.util.ByteString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * A connection that is a running stream:
 *
 * <pre>
 *  socket ─► guard ─► protocol: line decoder ─► session ─┐
 *  socket ◄─ guard ◄─────────────────────────────────────┘
 * </pre>
 */
public final class SocketConnection implements Connection {

    /**
     * Heartbeats to a client that has closed its side: one that only asked for no more goes on, but the kernel of one that is
     * gone answers the first by a reset, and then the second one fails.
     */
    private static final int PROBES = 2;

    private final long id;
    private final InetSocketAddress remoteAddress;
    private final String listener;
    private final Instant openedAt = Instant.now();
    private final Socket socket;
    private final SocketWriter writer;
    private final ConnectionGuard.Control guard;
    private final Dialogue dialogue;
    private final ConnectionSettings settings;

    /** Whether it was told to end in good order. */
    private volatile boolean told;

    private volatile boolean destroyed;

    /** What {@link #check} saw: so many bytes were written, and no more since. */
    private long bytesSeen;

    private long quietSince = System.nanoTime();

    private int probes;

    private SocketConnection(
            long id,
            InetSocketAddress remoteAddress,
            String listener,
            Socket socket,
            SocketWriter writer,
            ConnectionGuard.Control guard,
            Dialogue dialogue,
            ConnectionSettings settings) {
        this.id = id;
        this.remoteAddress = remoteAddress;
        this.listener = listener;
        this.socket = socket;
        this.writer = writer;
        this.guard = guard;
        this.dialogue = dialogue;
        this.settings = settings;
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
        var writer = new SocketWriter(socket.getChannel(), socket::shutdownOutput);
        Pair<ConnectionGuard.Control, Dialogue> running = tcp.addAttributes(TcpAttributes.tcpWriteBufferSize(1))
                .joinMat(
                        BidiFlow.fromGraph(new ConnectionGuard(id, writer)).join(protocol.open(writer), Keep.both()),
                        Keep.right())
                .run(materializer);
        return new SocketConnection(
                id, remoteAddress, listener, socket, writer, running.first(), running.second(), settings);
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
        return new ConnectionStatus(id, remoteAddress, listener, transport(), openedAt, state(), writer.sent(), stuck);
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
        } else {
            if (isHeartbeatDue(nowNanos)) {
                quietSince = nowNanos;
                dialogue.heartbeat();
            }
            dialogue.check(nowNanos);
        }
    }

    private boolean isHeartbeatDue(long nowNanos) {
        if (probes < PROBES && guard.hasPeerEnded()) {
            probes++;
            return true;
        }
        long bytes = writer.sent().bytes();
        if (bytes != bytesSeen) {
            bytesSeen = bytes;
            quietSince = nowNanos;
        }
        return nowNanos - quietSince >= settings.heartbeatInterval().toNanos();
    }

    private static boolean hasPassed(long since, Duration limit, long nowNanos) {
        return since != 0 && nowNanos - since >= limit.toNanos();
    }

    @Override
    public String toString() {
        return "#" + id + " " + remoteAddress.getHostString() + ":" + remoteAddress.getPort();
    }
}
