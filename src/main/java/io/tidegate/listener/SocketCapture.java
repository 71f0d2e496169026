package io.tidegate.listener;

import akka.io.Inet;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A socket option that sets nothing of its own accord: it is how Akka shows us the socket of each accepted connection.
 *
 * <p>Akka calls {@link #afterConnect} on the connection's actor before the connection reaches the accept stream, so
 * {@link #take} finds the socket there.
 */
final class SocketCapture extends Inet.AbstractSocketOptionV2 {

    private final Map<InetSocketAddress, Socket> accepted = new ConcurrentHashMap<>();

    @Override
    public void afterConnect(Socket socket) {
        if (socket.getRemoteSocketAddress() instanceof InetSocketAddress remote) {
            accepted.values().removeIf(Socket::isClosed);
            accepted.put(remote, socket);
        }
    }

    /** The socket of a connection that was just accepted; null if the client is gone already. */
    @Nullable
    Socket take(InetSocketAddress remote) {
        return accepted.remove(remote);
    }
}
