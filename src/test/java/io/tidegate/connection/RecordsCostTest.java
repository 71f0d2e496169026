package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.sun.management.ThreadMXBean;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client cuts what it sends over TLS as it likes, before anybody knows it, too. What that costs is counted in bytes that are allocated:
 * none is copied anywhere else.
 */
class RecordsCostTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MEGABYTE = 1_000_000;

    private final StubChannel socket = new StubChannel();
    private final SSLEngine engine = TlsClient.serverEngine();
    private final SecureChannel channel =
            new SecureChannel(new PlainChannel(socket, socket::finish, () -> 0, () -> 0), engine);

    private static long allocatedBy(Runnable work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private Handshake handshake() {
        var tls =
                new Tls(TlsClient::serverEngine, Duration.ofSeconds(10), new Welcome(Runnable::run, Runnable::run, 1));
        return new Handshake(
                channel, new ScriptedDialogue(), tls, new Wakeup(Runnable::run, () -> {}), () -> false, () -> 1);
    }

    /** The beginning of a hello of 30,000 bytes, in records of a byte. */
    private static ByteString inRecordsOfAByte(int count) {
        byte[] hello = {1, 0, 30_000 >> 8, (byte) 30_000};
        byte[] records = new byte[6 * count];
        for (int i = 0; i < count; i++) {
            byte[] record = {22, 3, 1, 0, 1, i < hello.length ? hello[i] : 0};
            System.arraycopy(record, 0, records, 6 * i, record.length);
        }
        return ByteString.fromArray(records);
    }

    /** 2,700 are as many as one read of 16 KiB has. */
    @Test
    void aHelloInRecordsOfAByteIsNotCopiedForEachOfThem() {
        Handshake handshake = handshake();
        ByteString hello = inRecordsOfAByte(2_700);

        assertThat(allocatedBy(() -> handshake.take(hello))).isLessThan(10 * MEGABYTE);

        assertThat(handshake.isOver()).isTrue();
        assertThat(handshake.endReason()).isEqualTo(CloseReason.TLS_FAILED);
    }

    @Test
    void aHelloInManyRecordsIsWaitedForWhileTheyAreNotTooMany() {
        Handshake handshake = handshake();

        handshake.take(inRecordsOfAByte(Handshake.MOST_RECORDS));
        assertThat(handshake.isOver()).isFalse();
        handshake.take(inRecordsOfAByte(1));

        assertThat(handshake.isOver()).isTrue();
    }

    @Test
    void aRecordThatComesByteByByteIsNotCopiedForEachOfThem() {
        Handshake handshake = handshake();
        handshake.take(ByteString.fromArray(new byte[] {22, 3, 1, 16_000 >> 8, (byte) 16_000, 1, 0, 0x3e, 0x7c}));
        ByteString one = ByteString.fromArray(new byte[1]);

        long allocated = allocatedBy(() -> {
            for (int i = 0; i < 15_900; i++) {
                handshake.take(one);
            }
        });

        assertThat(allocated).isLessThan(30 * MEGABYTE);
        assertThat(handshake.isOver()).isFalse();
    }

    private TlsClient agreed(String version) throws IOException {
        TlsClient client = TlsClient.of(version);
        io.tidegate.tls.Handshake.of(client.engine(), engine);
        channel.secure();
        return client;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void afterTheHandshakeARecordThatComesByteByByteIsNotCopiedForEachOfThem(String version) throws IOException {
        TlsClient client = agreed(version);
        client.say("a".repeat(16_000));
        ByteString record = client.take().compact();

        var said = new AtomicInteger();

        long allocated = allocatedBy(() -> {
            for (int i = 0; i < record.size() - 1; i++) {
                said.addAndGet(channel.read(record.slice(i, i + 1)).size());
            }
        });

        assertThat(allocated).isLessThan(30 * MEGABYTE);
        assertThat(said).hasValue(0);
        assertThat(channel.read(record.takeRight(1)).utf8String()).isEqualTo("a".repeat(16_000));
    }

    /** Whoever reads it looks at each byte, and would look for it in all of the pieces. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whatComesInManyRecordsIsOnePiece(String version) throws IOException {
        TlsClient client = agreed(version);
        for (int i = 0; i < 1_000; i++) {
            client.say("a");
        }
        ByteString records = client.take().compact();

        ByteString said = channel.read(records);

        assertThat(said.utf8String()).isEqualTo("a".repeat(1_000));
        assertThat(said.isCompact()).isTrue();
    }

    // ---- records that say nothing

    /** Each costs the server new keys, and the engine holds an answer to each until something is sent. */
    @Test
    void aClientThatDoesNothingButChangeItsKeysIsLetGo() throws IOException {
        TlsClient client = agreed("TLSv1.3");
        for (int i = 0; i < SecureChannel.MOST_SILENT; i++) {
            client.askForOtherKeys();
        }
        channel.read(client.take());
        assertThat(channel.broken()).isNull();

        client.askForOtherKeys();
        channel.read(client.take());

        assertThat(channel.broken()).isEqualTo(CloseReason.TLS_FAILED);
    }

    @Test
    void whatItSaysBetweenDoesNotHelpWhileItIsOwedTheAnswers() throws IOException {
        TlsClient client = agreed("TLSv1.3");
        for (int i = 0; i <= SecureChannel.MOST_SILENT; i++) {
            client.askForOtherKeys();
            client.say("\n");
        }

        channel.read(client.take());

        assertThat(channel.broken()).isEqualTo(CloseReason.TLS_FAILED);
    }

    @Test
    void aClientMayChangeItsKeysAsOftenAsItIsAnswered() throws IOException {
        TlsClient client = agreed("TLSv1.3");
        socket.takes(MEGABYTE);
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < SecureChannel.MOST_SILENT; j++) {
                client.askForOtherKeys();
            }
            client.say("a");
            assertThat(channel.read(client.take()).utf8String()).isEqualTo("a");
            channel.write(ByteString.fromString("b").toByteBuffer());
            client.hear(socket.takeBytes());
        }

        assertThat(client.heard()).isEqualTo("b".repeat(10));
        assertThat(channel.broken()).isNull();
    }
}
