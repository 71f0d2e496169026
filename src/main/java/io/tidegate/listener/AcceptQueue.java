package io.tidegate.listener;

import akka.io.Inet;
import akka.util.ByteString;
import io.tidegate.kernel.KernelSocket;
import io.tidegate.kernel.KernelView;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.function.UnaryOperator;
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

    /** How many wait; 0 if the kernel does not tell. */
    long length() {
        ServerSocketChannel channel = listening;
        KernelView view = channel == null ? null : new KernelSocket(channel).look();
        return view == null ? 0 : view.waiting();
    }

    /**
     * Who asks for a connection from now on is ignored, so that nobody comes between the last look and the end of the socket.
     *
     * @return whether the kernel does that
     */
    boolean takeNoMore() {
        ServerSocketChannel channel = listening;
        return channel != null && new KernelSocket(channel).takeNoMore();
    }

    /** Lets in everybody who waits, past Akka, to be told that it is over; returns how many. */
    int tell(LastWords words, UnaryOperator<ByteString> word, long nowNanos) {
        ServerSocketChannel channel = listening;
        return channel == null ? 0 : words.tell(channel, word, nowNanos);
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
