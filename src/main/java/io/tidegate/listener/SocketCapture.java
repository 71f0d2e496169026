package io.tidegate.listener;

import akka.io.Inet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * A socket option that sets nothing of its own accord: it is how Akka shows us the socket of each accepted connection.
 *
 * <p>Akka calls {@link #afterConnect} on the connection's actor before the connection reaches the accept stream, so
 * {@link #take} finds the socket there.
 */
final class SocketCapture extends Inet.AbstractSocketOptionV2 {

    private static final int KEEP_ALIVE_IDLE_SECONDS = 60;
    private static final int KEEP_ALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEP_ALIVE_PROBES = 6;

    private final Map<InetSocketAddress, Socket> accepted = new ConcurrentHashMap<>();

    @Override
    public void afterConnect(Socket socket) {
        if (socket.getRemoteSocketAddress() instanceof InetSocketAddress remote) {
            accepted.values().removeIf(Socket::isClosed);
            accepted.put(remote, socket);
            keepAlive(socket);
        }
    }

    /** A client that vanished without a word, and for which there is nothing to send, is found by the kernel. */
    private static void keepAlive(Socket socket) {
        try {
            socket.setKeepAlive(true);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_IDLE_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_INTERVAL_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_PROBES);
        } catch (IOException | UnsupportedOperationException e) {
            // The client is gone already, or this system has no such option: the heartbeat finds it then.
        }
    }

    /** The socket of a connection that was just accepted; null if the client is gone already. */
    @Nullable
    Socket take(InetSocketAddress remote) {
        return accepted.remove(remote);
    }
}
