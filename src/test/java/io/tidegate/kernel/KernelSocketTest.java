package io.tidegate.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the kernel says of real sockets. */
@Timeout(60)
class KernelSocketTest {

    private static final int CLOSE_WAIT = 8;

    private final ServerSocketChannel listening;
    private final SocketChannel client;

    KernelSocketTest() throws IOException {
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = SocketChannel.open(listening.getLocalAddress());
    }

    @BeforeEach
    void requireKernel() {
        assumeTrue(KernelSocket.isSupported(), "this system does not tell");
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        listening.close();
    }

    private static KernelView look(SocketChannel channel) {
        KernelView view = new KernelSocket(channel).look();
        assertThat(view).isNotNull();
        return Objects.requireNonNull(view);
    }

    private static void await(SocketChannel channel, Predicate<KernelView> condition) {
        Await.until(() -> condition.test(look(channel)));
    }

    @Test
    void aListeningSocketKnowsWhoWaits() throws Exception {
        try (SocketChannel second = SocketChannel.open(listening.getLocalAddress())) {
            @Nullable KernelView view = new KernelSocket(listening).look();

            assertThat(second.isConnected()).isTrue();
            assertThat(view).isNotNull().extracting(KernelView::waiting).isEqualTo(2L);
        }
    }

    @Test
    void aListeningSocketTakesNoMoreAndKeepsWhoIsThere() throws Exception {
        assertThat(new KernelSocket(listening).takeNoMore()).isTrue();

        try (SocketChannel late = SocketChannel.open();
                SocketChannel early = listening.accept()) {
            late.configureBlocking(false);
            boolean connected = late.connect(listening.getLocalAddress());
            client.write(ByteBuffer.wrap(new byte[10]));
            await(early, view -> view.bytesReceived() == 10);

            assertThat(connected || late.finishConnect())
                    .as("the late one is let in")
                    .isFalse();
            listening.configureBlocking(false);
            assertThat(listening.accept()).isNull();
        }
    }

    @Test
    void bytesAreCountedWhenTheyArriveReadOrNot() throws Exception {
        try (SocketChannel accepted = listening.accept()) {
            client.write(ByteBuffer.wrap(new byte[1000]));

            await(accepted, view -> view.bytesReceived() == 1000);
            await(client, KernelView::isConfirmed);
        }
    }

    @Test
    void aFinIsConfirmedByThePeersKernelThoughItsProgramDoesNotRead() throws Exception {
        try (SocketChannel accepted = listening.accept()) {
            accepted.write(ByteBuffer.wrap(new byte[1000]));
            assertThat(look(accepted).isFinConfirmed()).isFalse();

            accepted.shutdownOutput();

            await(accepted, KernelView::isFinConfirmed);
            await(client, view -> view.state() == CLOSE_WAIT);
        }
    }

    @Test
    void ofAClosedSocketNothingIsKnown() throws Exception {
        var socket = new KernelSocket(client);

        client.close();

        assertThat(socket.look()).isNull();
    }
}
