package io.tidegate.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akka.NotUsed;
import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.tidegate.kernel.KernelSocket;
import io.tidegate.tls.TlsSettings;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that come before somebody serves them. */
@Timeout(120)
class AcceptorTest {

    private final ActorSystem system = ActorSystem.create();
    private final Acceptor.Progress progress = new Acceptor.Progress();

    @AfterEach
    void end() {
        system.terminate();
    }

    /** Greets each client and sends FIN. */
    private class Greeter implements Acceptor.Service {

        @Override
        public void accept(InetSocketAddress remote, Flow<ByteString, ByteString, NotUsed> tcp) {
            tcp.runWith(Source.single(ByteString.fromString("hello")), Sink.ignore(), system);
        }

        @Override
        public ByteString lastWord() {
            return ByteString.fromString("too late");
        }

        @Override
        public ByteString lastWord(ByteString said) {
            return said.isEmpty()
                    ? lastWord()
                    : ByteString.fromString("too late for ").concat(said);
        }

        @Override
        public void report(long nowNanos) {}
    }

    /** Has room for so many, until it is told that there is more. */
    private final class NarrowGreeter extends Greeter {

        private final AtomicInteger room;
        private volatile Runnable told = () -> {};

        NarrowGreeter(int room) {
            this.room = new AtomicInteger(room);
        }

        @Override
        public void accept(InetSocketAddress remote, Flow<ByteString, ByteString, NotUsed> tcp) {
            room.decrementAndGet();
            super.accept(remote, tcp);
        }

        @Override
        public int room() {
            return Math.max(0, room.get());
        }

        @Override
        public void whenRoom(Runnable listener) {
            told = listener;
        }

        void makeRoom(int more) {
            room.set(more);
            told.run();
        }
    }

    private static void isGreeted(Socket client) throws Exception {
        assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("hello");
    }

    private ActorRef bind() {
        return bind(true);
    }

    private ActorRef bind(boolean isDescriptorFree) {
        var settings = new ListenerSettings("127.0.0.1", 0, 4096, true, false, TlsSettings.off(), false);
        return system.actorOf(
                Acceptor.props(settings, new SocketCapture(), () -> isDescriptorFree, System::nanoTime, progress));
    }

    private static List<Socket> connect(InetSocketAddress address, int count) throws Exception {
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(new Socket(address.getAddress(), address.getPort()));
        }
        return clients;
    }

    @Test
    void clientsAreHeldUntilTheyAreServed() throws Exception {
        ActorRef acceptor = bind();
        InetSocketAddress address = progress.bound().join();
        try (var first = new Socket(address.getAddress(), address.getPort());
                var second = new Socket(address.getAddress(), address.getPort())) {
            first.getOutputStream().write("sent early".getBytes(StandardCharsets.US_ASCII));
            InputStream in = second.getInputStream();
            assertThat(in.available()).isZero();

            acceptor.tell(new Acceptor.Serve(new Greeter()), ActorRef.noSender());

            assertThat(first.getInputStream().readAllBytes()).asString().isEqualTo("hello");
            assertThat(in.readAllBytes()).asString().isEqualTo("hello");
        }
    }

    @Test
    void whoWaitsIsLetInBeforeTheListenerCloses() throws Exception {
        ActorRef acceptor = bind();
        InetSocketAddress address = progress.bound().join();
        List<Socket> clients = connect(address, 40);

        acceptor.tell(new Acceptor.Serve(new Greeter()), ActorRef.noSender());
        acceptor.tell(new Acceptor.Unbind(Duration.ofMinutes(1)), ActorRef.noSender());

        for (Socket client : clients) {
            try (client) {
                assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("hello");
            }
        }
        progress.unbound().join();
    }

    @Test
    void oneThatServedNobodyCanUnbind() throws Exception {
        ActorRef acceptor = bind();
        progress.bound().join();

        acceptor.tell(new Acceptor.Unbind(Duration.ofMinutes(1)), ActorRef.noSender());

        progress.unbound().join();
        progress.ended().join();
    }

    @Test
    void whoWaitedForOneThatServesNobodyHasFinWhenItIsUnbound() throws Exception {
        ActorRef acceptor = bind();
        InetSocketAddress address = progress.bound().join();
        List<Socket> clients = connect(address, 300);
        for (Socket client : clients) {
            client.getOutputStream().write("a request".getBytes(StandardCharsets.US_ASCII));
        }

        acceptor.tell(new Acceptor.Unbind(Duration.ofMinutes(1)), ActorRef.noSender());

        assertThat(progress.unbound().join()).isZero();
        for (Socket client : clients) {
            try (client) {
                assertThat(client.getInputStream().readAllBytes()).isEmpty();
            }
        }
    }

    @Test
    void whoCannotBeServedInTimeIsToldThatItIsTooLate() throws Exception {
        // It serves nobody, as if it was too busy to.
        ActorRef acceptor = bind(false);
        InetSocketAddress address = progress.bound().join();
        List<Socket> clients = connect(address, 40);
        for (Socket client : clients) {
            client.getOutputStream().write("a request".getBytes(StandardCharsets.US_ASCII));
        }

        acceptor.tell(new Acceptor.Serve(new Greeter()), ActorRef.noSender());
        acceptor.tell(new Acceptor.Unbind(Duration.ofMinutes(1)), ActorRef.noSender());

        for (Socket client : clients) {
            try (client) {
                assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("too late for a request");
            }
        }
        assertThat(progress.unbound().join()).isZero();
    }

    @Test
    void whoIsToldAndDoesNotCloseIsLetGoWithoutAReset() throws Exception {
        assumeTrue(KernelSocket.isSupported(), "this system does not tell what clients have");
        ActorRef acceptor = bind(false);
        InetSocketAddress address = progress.bound().join();
        List<Socket> clients = connect(address, 3);

        acceptor.tell(new Acceptor.Serve(new Greeter()), ActorRef.noSender());
        acceptor.tell(new Acceptor.Unbind(Duration.ofMinutes(1)), ActorRef.noSender());

        assertThat(progress.unbound().join()).isZero();
        for (Socket client : clients) {
            try (client) {
                assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("too late");
            }
        }
    }

    @Test
    void whoWaitsWhenPatienceIsOverIsCounted() throws Exception {
        assumeTrue(KernelSocket.isSupported(), "this system does not tell who waits");
        ActorRef acceptor = bind(false);
        InetSocketAddress address = progress.bound().join();
        List<Socket> clients = connect(address, 3);

        acceptor.tell(new Acceptor.Serve(new Greeter()), ActorRef.noSender());
        acceptor.tell(new Acceptor.Unbind(Duration.ZERO), ActorRef.noSender());

        assertThat(progress.unbound().join()).isEqualTo(3);
        for (Socket client : clients) {
            client.close();
        }
    }

    @Test
    void whoLosesPatienceNeedNotWaitForTheFirstOrder() throws Exception {
        assumeTrue(KernelSocket.isSupported(), "this system does not tell who waits");
        ActorRef acceptor = bind(false);
        InetSocketAddress address = progress.bound().join();
        List<Socket> clients = connect(address, 3);
        acceptor.tell(new Acceptor.Serve(new Greeter()), ActorRef.noSender());
        acceptor.tell(new Acceptor.Unbind(Duration.ofDays(1)), ActorRef.noSender());

        acceptor.tell(new Acceptor.Unbind(Duration.ZERO), ActorRef.noSender());

        assertThat(progress.unbound().join()).isEqualTo(3);
        for (Socket client : clients) {
            client.close();
        }
    }

    @Test
    void whoFindsNoRoomWaitsUntilThereIsSome() throws Exception {
        ActorRef acceptor = bind();
        InetSocketAddress address = progress.bound().join();
        List<Socket> clients = connect(address, 10);
        var greeter = new NarrowGreeter(4);
        acceptor.tell(new Acceptor.Serve(greeter), ActorRef.noSender());
        for (Socket client : clients.subList(0, 4)) {
            isGreeted(client);
        }

        Socket fifth = clients.get(4);
        fifth.setSoTimeout(200);
        assertThatThrownBy(() -> fifth.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        fifth.setSoTimeout(0);

        greeter.makeRoom(100);
        for (Socket client : clients.subList(4, 10)) {
            isGreeted(client);
        }
        for (Socket client : clients) {
            client.close();
        }
    }

    @Test
    void whoFindsNoRoomIsLetInBeforeTheListenerCloses() throws Exception {
        ActorRef acceptor = bind();
        InetSocketAddress address = progress.bound().join();
        List<Socket> clients = connect(address, 10);
        acceptor.tell(new Acceptor.Serve(new NarrowGreeter(2)), ActorRef.noSender());
        isGreeted(clients.get(0));

        acceptor.tell(new Acceptor.Unbind(Duration.ofMinutes(1)), ActorRef.noSender());

        for (Socket client : clients.subList(1, 10)) {
            isGreeted(client);
        }
        assertThat(progress.unbound().join()).isZero();
        for (Socket client : clients) {
            client.close();
        }
    }
}
