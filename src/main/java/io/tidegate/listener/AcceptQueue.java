package io.tidegate.listener;

import akka.io.Inet;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The clients that wait in the kernel to be accepted.
 *
 * <p>A socket option that sets nothing: it is how Akka shows us the listening socket.
 */
final class AcceptQueue extends Inet.AbstractSocketOptionV2 {

    private volatile @Nullable ServerSocketChannel listening;

    @Override
    public void afterBind(ServerSocket socket) {
        listening = socket.getChannel();
    }

    /** Whether nobody waits. Some ten microseconds; a second selector may look at a channel that Akka's has, too. */
    boolean isEmpty() {
        ServerSocketChannel channel = listening;
        if (channel == null) {
            return true;
        }
        try (Selector selector = channel.provider().openSelector()) {
            channel.register(selector, SelectionKey.OP_ACCEPT);
            return selector.selectNow() == 0;
        } catch (IOException e) {
            // The channel is closed, or there is no descriptor: nobody could be accepted either.
            return true;
        }
    }
}
