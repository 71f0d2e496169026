package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import org.junit.jupiter.api.Test;

/** What goes to the socket directly, and what is left for the TCP stage. */
class SocketWriterTest {

    private static final int PLENTY = 10_000_000;

    private final StubChannel socket = new StubChannel();
    private final SocketWriter writer = new SocketWriter(socket);

    private static ByteString bytes(String text) {
        return ByteString.fromString(text);
    }

    @Test
    void aSocketWithRoomTakesAllByOneWrite() {
        socket.takes(PLENTY);

        assertThat(writer.write(bytes("one\n").concat(bytes("two\n")))).isEqualTo(8);

        assertThat(socket.taken()).isEqualTo("one\ntwo\n");
        assertThat(socket.writes()).isEqualTo(1);
        assertThat(writer.bytes()).isEqualTo(8);
    }

    @Test
    void aSocketWithLittleRoomTakesTheBeginning() {
        socket.takes(5);

        assertThat(writer.write(bytes("one\ntwo\n"))).isEqualTo(5);
        assertThat(writer.write(bytes("wo\n"))).isZero();

        assertThat(socket.taken()).isEqualTo("one\nt");
        assertThat(writer.bytes()).isEqualTo(5);
    }

    @Test
    void theSameBytesGoToEachSocketWhole() {
        var second = new StubChannel();
        socket.takes(PLENTY);
        second.takes(2);
        ByteString shared = bytes("shared\n");

        assertThat(writer.write(shared)).isEqualTo(7);
        assertThat(new SocketWriter(second).write(shared)).isEqualTo(2);
        assertThat(writer.write(bytes("own\n"))).isEqualTo(4);
        assertThat(writer.write(shared)).isEqualTo(7);

        assertThat(socket.taken()).isEqualTo("shared\nown\nshared\n");
        assertThat(second.taken()).isEqualTo("sh");
    }

    @Test
    void whatIsLargerThanTheBufferGoesInPieces() {
        ByteString large = bytes("0123456789".repeat(60_000));
        socket.takes(PLENTY);

        assertThat(writer.write(large)).isEqualTo(600_000);

        assertThat(socket.taken()).isEqualTo(large.utf8String());
        assertThat(socket.writes()).isEqualTo(3);
    }

    @Test
    void aLargePieceThatIsNotTakenWholeIsTheLast() {
        ByteString large = bytes("0123456789".repeat(60_000));
        socket.takes(300_000);

        assertThat(writer.write(large)).isEqualTo(300_000);

        assertThat(socket.taken()).isEqualTo(large.take(300_000).utf8String());
        assertThat(socket.writes()).isEqualTo(2);
    }

    @Test
    void aBrokenSocketTakesNothingAndIsNotTriedAgain() {
        socket.fails();

        assertThat(writer.write(bytes("one\n"))).isZero();
        assertThat(writer.write(bytes("two\n"))).isZero();

        assertThat(socket.writes()).isEqualTo(1);
        assertThat(writer.bytes()).isZero();
    }

    @Test
    void aStoppedWriterLeavesTheSocketAlone() {
        socket.takes(PLENTY);
        writer.stop();

        assertThat(writer.write(bytes("late\n"))).isZero();

        assertThat(socket.writes()).isZero();
    }
}
