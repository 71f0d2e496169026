package io.tidegate.listener;

import akka.util.ByteString;
import io.tidegate.kernel.KernelSocket;
import io.tidegate.kernel.KernelView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Clients that are let in only to be told that nobody will serve them: a word, FIN, and what they send is discarded until they
 * close their side, or have everything and say no more.
 *
 * <p>To serve thousands, if only to end them, takes a busy or cold process longer than it has. This goes past streams and
 * actors, and takes some ten microseconds for each. Not thread-safe; nothing blocks.
 */
final class LastWords {

    /** Who is silent for so long is waited for no longer. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final class Client {
        private final SocketChannel channel;
        private long heardNanos;

        Client(SocketChannel channel, long nowNanos) {
            this.channel = channel;
            heardNanos = nowNanos;
        }
    }

    private final ByteBuffer said = ByteBuffer.allocate(16 * 1024);
    private final ByteBuffer discarded = ByteBuffer.allocateDirect(16 * 1024);
    private final List<Client> clients = new ArrayList<>();

    /**
     * Lets in everybody who waits, and tells them; returns how many.
     *
     * @param word the word to who has said that
     */
    int tell(ServerSocketChannel listening, UnaryOperator<ByteString> word, long nowNanos) {
        int told = 0;
        try {
            for (SocketChannel next = listening.accept(); next != null; next = listening.accept()) {
                told++;
                tell(next, word, nowNanos);
            }
        } catch (IOException e) {
            // Closed, or there is no descriptor: the next look goes on.
        }
        return told;
    }

    private void tell(SocketChannel client, UnaryOperator<ByteString> word, long nowNanos) {
        try {
            client.configureBlocking(false);
            int unused = client.read(said.clear());
            // A fresh socket has room for it.
            unused = client.write(
                    word.apply(ByteString.fromByteBuffer(said.flip())).toByteBuffer());
            client.shutdownOutput();
            clients.add(new Client(client, nowNanos));
        } catch (IOException e) {
            // Gone already.
            close(client);
        }
    }

    /** Discards what came, and leaves those alone that have everything. */
    void look(long nowNanos) {
        clients.removeIf(client -> {
            if (!isOver(client, nowNanos)) {
                return false;
            }
            close(client.channel);
            return true;
        });
    }

    private boolean isOver(Client client, long nowNanos) {
        try {
            int read = client.channel.read(discarded.clear());
            if (read > 0) {
                client.heardNanos = nowNanos;
            }
            return read < 0 || (nowNanos - client.heardNanos >= LINGER.toNanos() && hasEverything(client.channel));
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean hasEverything(SocketChannel channel) {
        @Nullable KernelView view = new KernelSocket(channel).look();
        return view == null || view.isFinConfirmed();
    }

    /** How many are waited for. */
    int size() {
        return clients.size();
    }

    /** Waits for them no longer; what is not theirs yet is lost to them. */
    void end() {
        clients.forEach(client -> close(client.channel));
        clients.clear();
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
    }
}
