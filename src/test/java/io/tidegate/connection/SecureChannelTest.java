package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.ledger.CloseReason;
import io.tidegate.tls.Handshake;
import java.io.IOException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes out and comes in over TLS, when the handshake is over. */
class SecureChannelTest {

    private static final int PLENTY = 10_000_000;
    private static final int RECORD = 16_384;

    private final StubChannel socket = new StubChannel();
    private final SSLEngine engine = TlsClient.serverEngine();
    private final SecureChannel channel =
            new SecureChannel(new PlainChannel(socket, socket::finish, () -> 0, () -> 0), engine);
    private final Outbound outbound = new Outbound(channel, System::nanoTime);
    private TlsClient client = TlsClient.of("TLSv1.3");

    /** Client and server come to terms. */
    private void agree(String version) throws IOException {
        client = TlsClient.of(version);
        Handshake.of(client.engine(), engine);
        channel.secure();
        outbound.asked();
    }

    private void hear() throws SSLException {
        client.hear(socket.takeBytes());
    }

    private static EventLines lines(int bytes) {
        return EventLines.withoutUpdates(ByteString.fromString("x".repeat(bytes - 1) + "\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void linesAreSealedAndCountedAsTheyAre(String version) throws IOException {
        agree(version);
        socket.takes(PLENTY);

        assertThat(outbound.write(EventLines.withoutUpdates(ByteString.fromString("one\ntwo\n"))))
                .isTrue();
        hear();

        assertThat(client.heard()).isEqualTo("one\ntwo\n");
        assertThat(outbound.sent().bytes()).isEqualTo(8);
        assertThat(socket.writes()).isEqualTo(1);
    }

    /** Of a part of a record a client gets nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void onlyWholeRecordsCount(String version) throws IOException {
        agree(version);
        socket.takes(RECORD + 2_000);

        assertThat(outbound.write(lines(3 * RECORD))).isFalse();
        hear();

        assertThat(client.heard()).hasSizeBetween(RECORD - 100, RECORD);
        assertThat(outbound.sent().bytes()).isEqualTo(client.heard().length());
        assertThat(outbound.sent().bytesUnsent())
                .isEqualTo(3 * RECORD - client.heard().length());
        assertThat(client.hasPartOfARecord()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 511, 512, 513, 16_000, 70_000, 300_000})
    void whatDoesNotFitFollowsInPiecesAndIsTheSame(int room) throws IOException {
        agree("TLSv1.3");
        EventLines lines = lines(400_000);
        socket.takes(room);
        boolean isDone = outbound.write(lines);
        for (int i = 0; !isDone && i < 10_000; i++) {
            ByteString piece = outbound.piece();
            assertThat(piece).isNotNull();
            assertThat(piece.size()).isBetween(1, PlainChannel.PIECE_BYTES);
            socket.takes(piece.size());
            socket.write(piece.toByteBuffer());
            socket.takes(i * 700 % 50_000);
            outbound.asked();
            isDone = outbound.isOpen();
        }
        hear();

        assertThat(client.heard()).isEqualTo(lines.bytes().utf8String());
        assertThat(outbound.sent().bytes()).isEqualTo(400_000);
        assertThat(outbound.sent().bytesUnsent()).isZero();
        assertThat(client.hasPartOfARecord()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theEndIsSaidBeforeFin(String version) throws IOException {
        agree(version);
        socket.takes(PLENTY);
        outbound.write(lines(100));

        outbound.end();
        hear();

        assertThat(client.heard()).hasSize(100);
        assertThat(client.hasHeardEnd()).isTrue();
        assertThat(socket.isFinished()).isTrue();
    }

    /** The forty bytes of close_notify find a full buffer, wholly or in part. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20})
    void finWaitsForTheLastByteOfTheEnd(int room) throws IOException {
        agree("TLSv1.3");
        socket.takes(PLENTY);
        outbound.write(lines(100));
        socket.takes(room);

        outbound.end();
        assertThat(socket.isFinished()).isFalse();
        ByteString piece = outbound.piece();
        assertThat(piece).isNotNull();
        socket.takes(PLENTY);
        socket.write(piece.toByteBuffer());
        outbound.asked();
        hear();

        assertThat(client.heard()).hasSize(100);
        assertThat(client.hasHeardEnd()).isTrue();
        assertThat(socket.isFinished()).isTrue();
    }

    /** What is dropped is dropped between two records: a client could not tell half of one from damage. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100, 17_000, 40_000})
    void aCutIsMadeBetweenRecords(int room) throws IOException {
        agree("TLSv1.3");
        socket.takes(room);
        outbound.write(lines(1_000_000));

        outbound.cut();
        for (int i = 0; !socket.isFinished() && i < 10_000; i++) {
            ByteString piece = outbound.piece();
            assertThat(piece).isNotNull();
            socket.takes(piece.size());
            socket.write(piece.toByteBuffer());
            outbound.asked();
        }
        hear();

        assertThat(client.hasPartOfARecord()).isFalse();
        assertThat(client.hasHeardEnd()).isTrue();
        assertThat(client.heard()).hasSizeLessThan(room + 5 * RECORD);
        assertThat(outbound.sent().bytes()).isEqualTo(client.heard().length());
        assertThat(outbound.sent().bytesUnsent())
                .isEqualTo(1_000_000 - client.heard().length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientThatSaysNoMoreIsStillSentEverything(String version) throws IOException {
        agree(version);
        client.say("sync\n");
        client.sayEnd();

        ByteString said = channel.read(client.take());
        socket.takes(PLENTY);
        outbound.write(lines(100_000));
        outbound.end();
        hear();

        assertThat(said.utf8String()).isEqualTo("sync\n");
        assertThat(channel.isInputOver()).isTrue();
        assertThat(channel.broken()).isNull();
        assertThat(client.heard()).hasSize(100_000);
        assertThat(client.hasHeardEnd()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whatComesInManyPartsIsTheSame(String version) throws IOException {
        agree(version);
        client.say("a".repeat(40_000));
        ByteString sealed = client.take();
        var said = new StringBuilder();

        for (int at = 0; at < sealed.size(); at += 777) {
            said.append(channel.read(sealed.slice(at, Math.min(sealed.size(), at + 777)))
                    .utf8String());
            assertThat(channel.begun() == null).isEqualTo(said.length() == 40_000);
        }

        assertThat(said.toString()).isEqualTo("a".repeat(40_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whatWasChangedOnItsWayBreaksTheInputAndTheClientIsTold(String version) throws IOException {
        agree(version);
        client.say("put c k 1\n");
        byte[] sealed = client.take().toArray();
        sealed[sealed.length - 1] ^= 1;

        assertThat(channel.read(ByteString.fromArray(sealed)).isEmpty()).isTrue();
        socket.takes(PLENTY);
        outbound.cut();

        assertThat(channel.broken()).isEqualTo(CloseReason.TLS_FAILED);
        assertThat(socket.isFinished()).isTrue();
        assertThat(socket.takeBytes().isEmpty()).isFalse();
    }

    @Test
    void aClientThatChangesItsKeysIsUnderstoodAndAnsweredWithTheNextRecord() throws IOException {
        agree("TLSv1.3");
        socket.takes(PLENTY);
        for (int i = 0; i < 30; i++) {
            client.askForOtherKeys();
            client.say("a");
        }

        String said = channel.read(client.take()).utf8String();
        outbound.write(lines(50));
        hear();

        assertThat(said).isEqualTo("a".repeat(30));
        assertThat(client.heard()).hasSize(50);
    }

    /** A handshake costs the server more than the client. */
    @Test
    void aClientThatWantsAnotherHandshakeIsRefused() throws IOException {
        agree("TLSv1.2");
        client.askForOtherKeys();

        assertThat(channel.read(client.take()).isEmpty()).isTrue();

        assertThat(channel.broken()).isEqualTo(CloseReason.TLS_FAILED);
    }
}
