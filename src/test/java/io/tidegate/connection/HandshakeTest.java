package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.util.ByteString;
import io.tidegate.Await;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a connection over TLS begins, or does not. The test gives the threads of handshakes their work. */
class HandshakeTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final StubChannel socket = new StubChannel();
    private final AtomicLong now = new AtomicLong(1);
    private final AtomicLong arrived = new AtomicLong();
    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final AtomicReference<Peer> peer = new AtomicReference<>();
    private final ScriptedDialogue dialogue = new ScriptedDialogue();
    private final TestPublisher.Probe<ByteString> fromTcp;
    private final ConnectionControl stage;
    private final Outbound outbound;
    private TlsClient client = TlsClient.of("TLSv1.3");

    HandshakeTest() {
        socket.takes(1_000_000);
        var protocol = new Protocol() {
            @Override
            public Dialogue<?> open(
                    Peer known, io.tidegate.feed.Wakeup wakeup, java.util.function.BooleanSupplier hasUnread) {
                peer.set(known);
                return dialogue.open(known, wakeup, hasUnread);
            }

            @Override
            public ByteString refusal(String message) {
                return dialogue.refusal(message);
            }

            @Override
            public ByteString mistaken(String message) {
                return dialogue.mistaken(message);
            }
        };
        Offer offer = Offer.secured(
                protocol, new Tls(TlsClient::serverEngine, TIMEOUT, new Welcome(work::add, Runnable::run, 1)));
        Offer.Beginning beginning = offer.begin(
                new PlainChannel(socket, socket::finish, arrived::get, () -> 0),
                java.net.InetAddress.getLoopbackAddress(),
                now::get);
        outbound = new Outbound(beginning.channel(), now::get);
        var tcp = Flow.fromSinkAndSourceMat(
                TestSink.<ByteString>create(StageFixture.SYSTEM),
                TestSource.<ByteString>create(StageFixture.SYSTEM),
                Keep.both());
        var running = tcp.joinMat(
                        Flow.fromGraph(
                                new DialogueStage(1, Peer.PROGRAM, outbound, Runnable::run, beginning.opening())),
                        Keep.both())
                .run(Materializer.createMaterializer(StageFixture.SYSTEM));
        TestSubscriber.Probe<ByteString> toTcp = running.first().first();
        fromTcp = running.first().second();
        stage = running.second();
        toTcp.ensureSubscription().request(1_000);
        Await.until(outbound::isOpen);
    }

    private void send(ByteString bytes) {
        arrived.addAndGet(bytes.size());
        fromTcp.sendNext(bytes);
    }

    private void worksOnce() throws InterruptedException {
        Runnable next = work.poll(60, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        next.run();
    }

    /** What the client is sent, at least a byte. */
    private ByteString written() {
        List<ByteString> written = new ArrayList<>();
        Await.until(() -> {
            ByteString more = socket.takeBytes();
            written.add(more);
            return !more.isEmpty();
        });
        return written.stream().reduce(ByteString.emptyByteString(), ByteString::concat);
    }

    /** Up to the client's last part of it, which was not sent. */
    private ByteString shakeHands(String version) throws Exception {
        client = TlsClient.of(version);
        client.beginHandshake();
        ByteString last = client.take();
        while (!client.isAgreed()) {
            send(last);
            if (last.head() == 22 && !client.isAgreed()) {
                worksOnce();
            }
            client.hear(written());
            last = client.take();
        }
        return last;
    }

    private Ending ending() throws Exception {
        return stage.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private void check() {
        synchronized (outbound) {
            stage.conversation().dialogue().check(now.get());
        }
    }

    @Test
    void whatIsSpokenBeginsWhenClientAndServerAreAtOne() throws Exception {
        ByteString last = shakeHands("TLSv1.3");
        assertThat(peer.get()).isNull();
        send(last);

        dialogue.expectOpened();
        dialogue.say("hello");
        Await.until(() -> hears("hello"));
        client.say("one");
        send(client.take());
        dialogue.expectTaken("one");
    }

    private boolean hears(String expected) {
        try {
            client.hear(socket.takeBytes());
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
        return client.heard().equals(expected);
    }

    /** By TLS 1.3 a client may speak before the server has answered its last part. */
    @Test
    void whatComesWithTheLastPartOfTheHandshakeIsNotLost() throws Exception {
        ByteString last = shakeHands("TLSv1.3");
        client.say("one");
        client.say("two");
        client.sayEnd();

        send(last.concat(client.take()));

        dialogue.expectTaken("onetwo");
        dialogue.expectInputEnd();
        dialogue.say("answer");
        Await.until(() -> hears("answer"));
        dialogue.finish();
        fromTcp.sendComplete();
        assertThat(ending().outcome()).isEqualTo(Ending.Outcome.COMPLETED);
        assertThat(ending().reason()).isEqualTo(CloseReason.PEER_CLOSED);
    }

    @Test
    void itTellsItsTransport() {
        synchronized (outbound) {
            assertThat(stage.conversation().dialogue().transport()).isEqualTo(Transport.TLS);
        }
    }

    @Test
    void whoSaysNothingIsGivenUp() throws Exception {
        now.addAndGet(TIMEOUT.toNanos() - 1);
        check();
        assertThat(socket.isFinished()).isFalse();

        now.addAndGet(1);
        check();
        Await.until(socket::isFinished);
        fromTcp.sendComplete();

        assertThat(ending().reason()).isEqualTo(CloseReason.TLS_FAILED);
    }

    /** A thousand who come at once wait for each other, which is not their fault. */
    @Test
    void theTimeInWhichTheServerWorksDoesNotCount() throws Exception {
        client.beginHandshake();
        send(client.take());
        Await.until(() -> !work.isEmpty());

        now.addAndGet(TIMEOUT.toNanos() * 5);
        check();
        worksOnce();
        client.hear(written());
        check();
        send(client.take());

        dialogue.expectOpened();
    }

    @Test
    void whoDoesNotGoOnIsGivenUp() throws Exception {
        client.beginHandshake();
        send(client.take());
        worksOnce();
        written();

        now.addAndGet(TIMEOUT.toNanos());
        check();
        Await.until(socket::isFinished);
        fromTcp.sendComplete();

        assertThat(ending().reason()).isEqualTo(CloseReason.TLS_FAILED);
    }

    @Test
    void whoLeavesBeforeItsEndIsLetGo() throws Exception {
        client.beginHandshake();
        send(client.take());
        worksOnce();
        fromTcp.sendComplete();

        Await.until(socket::isFinished);
        assertThat(ending().reason()).isEqualTo(CloseReason.TLS_FAILED);
    }

    @Test
    void whoConnectsAndLeavesWithoutAWordHasOnlyLeft() throws Exception {
        fromTcp.sendComplete();

        assertThat(ending().reason()).isEqualTo(CloseReason.PEER_CLOSED);
        assertThat(ending().outcome()).isEqualTo(Ending.Outcome.COMPLETED);
    }

    @Test
    void whoDoesNotTrustTheServerIsLetGo() throws Exception {
        client = TlsClient.distrusting();
        client.beginHandshake();
        send(client.take());
        worksOnce();
        try {
            client.hear(written());
        } catch (SSLException e) {
            // So it should be: an alert is on its way.
            client.flush();
        }
        send(client.take());

        Await.until(socket::isFinished);
        fromTcp.sendComplete();
        assertThat(ending().reason()).isEqualTo(CloseReason.TLS_FAILED);
        assertThat(peer.get()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "follow\n", "\0"})
    void whoSpeaksInPlainIsToldSo(String said) throws Exception {
        send(ByteString.fromString(said));

        Await.until(socket::isFinished);
        assertThat(socket.taken()).isEqualTo("this port speaks TLS, and that is no TLS: connect with TLS\n");
        fromTcp.sendComplete();
        assertThat(ending().reason()).isEqualTo(CloseReason.REFUSED);
    }

    @Test
    void whatIsNoHandshakeIsAnsweredWithAnAlert() throws Exception {
        send(ByteString.fromArray(new byte[] {22, 3, 1, 0, 4, 9, 9, 9, 9}));
        for (Runnable task = work.poll(1, TimeUnit.SECONDS); task != null; task = work.poll()) {
            task.run();
        }

        Await.until(socket::isFinished);
        assertThat(socket.takeBytes().head()).isEqualTo((byte) 21);
        fromTcp.sendComplete();
        assertThat(ending().reason()).isEqualTo(CloseReason.TLS_FAILED);
    }

    /** The records of one message, cut into those of so many bytes. */
    private static ByteString cut(ByteString record, int bytes) {
        ByteString cut = ByteString.emptyByteString();
        ByteString message = record.drop(5);
        for (int at = 0; at < message.size(); at += bytes) {
            ByteString part = message.slice(at, Math.min(message.size(), at + bytes));
            cut = cut.concat(ByteString.fromArray(new byte[] {22, 3, 1, 0, (byte) part.size()}))
                    .concat(part);
        }
        return cut;
    }

    @Test
    void aHelloInSmallRecordsIsUnderstood() throws Exception {
        client.beginHandshake();
        send(cut(client.take(), 4));
        worksOnce();
        client.hear(written());
        send(client.take());

        dialogue.expectOpened();
    }

    /** It would have each of them put together with all before it. */
    @Test
    void whoSendsMoreRecordsThanAHandshakeHasIsLetGo() throws Exception {
        ByteString empty = ByteString.fromArray(new byte[] {22, 3, 1, 0, 1, 0});
        send(cut(ByteString.fromArray(new byte[] {22, 3, 1, 0, 4, 1, 0, 100, 0}), 1));
        for (int i = 4; i < Handshake.MOST_RECORDS; i++) {
            send(empty);
        }
        check();
        assertThat(socket.isFinished()).isFalse();
        send(empty);

        Await.until(socket::isFinished);
        assertThat(socket.takeBytes().head()).isEqualTo((byte) 21);
        fromTcp.sendComplete();
        assertThat(ending().outcome()).isEqualTo(Ending.Outcome.COMPLETED);
        assertThat(ending().reason()).isEqualTo(CloseReason.TLS_FAILED);
    }

    @Test
    void inADrainWhoHasSaidNothingIsEndedAtOnce() throws Exception {
        stage.shutdown(StageFixture.SHUTDOWN);

        Await.until(socket::isFinished);
        fromTcp.sendComplete();
        assertThat(ending().outcome()).isEqualTo(Ending.Outcome.COMPLETED);
        assertThat(ending().reason()).isEqualTo(CloseReason.SHUTDOWN);
    }

    @Test
    void inADrainWhoHasBegunComesToItsEndAndIsToldGoodbye() throws Exception {
        ByteString last = shakeHands("TLSv1.3");
        stage.shutdown(StageFixture.SHUTDOWN);

        send(last);

        dialogue.expectGoodbye(StageFixture.SHUTDOWN);
    }

    @Test
    void inADrainWhoHasBegunAndDoesNotGoOnIsEndedSoon() throws Exception {
        client.beginHandshake();
        send(client.take());
        worksOnce();
        written();
        now.addAndGet(Duration.ofSeconds(9).toNanos());
        stage.shutdown(StageFixture.SHUTDOWN);
        check();
        assertThat(socket.isFinished()).isFalse();

        now.addAndGet(Duration.ofSeconds(2).toNanos());
        check();

        Await.until(socket::isFinished);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anAbortIsAResetWithoutAWord(String version) throws Exception {
        send(shakeHands(version));
        dialogue.expectOpened();
        Await.until(() -> hears(""));

        stage.abort(CloseReason.ABORTED);

        assertThat(ending().outcome()).isEqualTo(Ending.Outcome.ABORTED);
        assertThat(socket.takeBytes().isEmpty()).isTrue();
        assertThat(socket.isFinished()).isFalse();
    }

    @Test
    void whatWasChangedOnItsWayEndsTheConnection() throws Exception {
        send(shakeHands("TLSv1.3"));
        dialogue.expectOpened();
        client.say("put c k 1");
        byte[] sealed = client.take().toArray();
        sealed[sealed.length - 1] ^= 1;
        send(ByteString.fromArray(sealed));

        Await.until(socket::isFinished);
        fromTcp.sendComplete();
        assertThat(ending().reason()).isEqualTo(CloseReason.TLS_FAILED);
        assertThat(dialogue.takenSoFar()).isEmpty();
    }
}
