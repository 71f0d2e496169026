package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.ledger.Sent;
import org.junit.jupiter.api.Test;

/** What goes to the socket directly, what is left for the TCP stage, and what is counted. */
class SocketWriterTest {

    private static final int PLENTY = 10_000_000;
    private static final String PUT = "{\"event\":\"put\",\"seq\":%d,\"collection\":\"c\",\"key\":\"k\",\"value\":1}\n";
    private static final String DELETE = "{\"event\":\"delete\",\"seq\":%d,\"collection\":\"c\",\"key\":\"k\"}\n";

    /** After so many of the updates 1, 20 and 300. */
    private static final long[] LAST_SEQS = {0, 1, 20, 300};

    private final StubChannel socket = new StubChannel();
    private final SocketWriter writer = new SocketWriter(socket, socket::finish, () -> 0);

    private static EventLines lines(String text) {
        return EventLines.withoutUpdates(ByteString.fromString(text));
    }

    /** An answer, a put, a delete and a put, which have these numbers. */
    private static EventLines updates(long first, long second, long third) {
        String text = "{\"event\":\"accepted\",\"seq\":99}\n" + PUT.formatted(first) + DELETE.formatted(second)
                + PUT.formatted(third);
        return new EventLines(ByteString.fromString(text), 3, third);
    }

    @Test
    void aSocketWithRoomTakesAllByOneWrite() {
        socket.takes(PLENTY);

        assertThat(writer.write(lines("one\ntwo\n"))).isTrue();

        assertThat(socket.taken()).isEqualTo("one\ntwo\n");
        assertThat(socket.writes()).isEqualTo(1);
        assertThat(writer.sent()).isEqualTo(new Sent(8, 0, 0, 0));
    }

    @Test
    void aSocketWithLittleRoomTakesTheBeginningAndTheRestLater() {
        EventLines lines = lines("one\ntwo\n");
        socket.takes(5);

        assertThat(writer.write(lines)).isFalse();
        assertThat(writer.write(lines)).isFalse();
        assertThat(socket.taken()).isEqualTo("one\nt");
        assertThat(writer.sent()).isEqualTo(new Sent(5, 3, 0, 0));
        socket.takes(PLENTY);

        assertThat(writer.write(lines)).isTrue();
        assertThat(socket.taken()).isEqualTo("one\ntwo\n");
        assertThat(writer.sent()).isEqualTo(new Sent(8, 0, 0, 0));
    }

    @Test
    void theSameBytesGoToEachSocketWhole() {
        var second = new StubChannel();
        socket.takes(PLENTY);
        second.takes(2);
        EventLines shared = lines("shared\n");

        assertThat(writer.write(shared)).isTrue();
        assertThat(new SocketWriter(second, second::finish, () -> 0).write(shared))
                .isFalse();
        assertThat(writer.write(lines("own\n"))).isTrue();
        assertThat(writer.write(shared)).isTrue();

        assertThat(socket.taken()).isEqualTo("shared\nown\nshared\n");
        assertThat(second.taken()).isEqualTo("sh");
    }

    @Test
    void whatIsLargerThanTheBufferGoesInParts() {
        String large = "0123456789".repeat(60_000);
        socket.takes(PLENTY);

        assertThat(writer.write(lines(large))).isTrue();

        assertThat(socket.taken()).isEqualTo(large);
        assertThat(socket.writes()).isEqualTo(3);
    }

    @Test
    void aLargePartThatIsNotTakenWholeIsTheLast() {
        String large = "0123456789".repeat(60_000);
        socket.takes(300_000);

        assertThat(writer.write(lines(large))).isFalse();

        assertThat(socket.taken()).isEqualTo(large.substring(0, 300_000));
        assertThat(socket.writes()).isEqualTo(2);
    }

    @Test
    void aSmallPieceOfTheRestIsForTheTcpStage() {
        EventLines lines = lines("0123456789".repeat(60));
        socket.takes(30);
        assertThat(writer.write(lines)).isFalse();

        ByteString piece = writer.piece();

        assertThat(piece).isEqualTo(lines.bytes().slice(30, 30 + SocketWriter.PIECE_BYTES));
        assertThat(writer.sent().bytes()).as("before it was taken").isEqualTo(30);
        assertThat(writer.pieceTaken(piece.size())).isFalse();
        assertThat(writer.sent()).isEqualTo(new Sent(542, 58, 0, 0));
        assertThat(writer.piece().size()).isEqualTo(58);
        assertThat(writer.pieceTaken(58)).isTrue();
        assertThat(writer.sent()).isEqualTo(new Sent(600, 0, 0, 0));
    }

    @Test
    void aBrokenSocketTakesNothingAndIsNotTriedAgain() {
        socket.fails();

        assertThat(writer.write(lines("one\n"))).isFalse();
        assertThat(writer.write(lines("two\n"))).isFalse();

        assertThat(socket.writes()).isEqualTo(1);
        assertThat(writer.sent().bytes()).isZero();
    }

    @Test
    void aStoppedWriterLeavesTheSocketAlone() {
        socket.takes(PLENTY);
        writer.stop();

        assertThat(writer.write(lines("late\n"))).isFalse();

        assertThat(socket.writes()).isZero();
        assertThat(writer.sent()).isEqualTo(new Sent(0, 0, 0, 0));
    }

    @Test
    void aFinishedWriterHasSentFinAndWritesNothingMore() {
        socket.takes(PLENTY);
        assertThat(writer.write(lines("one\n"))).isTrue();
        assertThat(socket.isFinished()).isFalse();

        writer.finish();

        assertThat(socket.isFinished()).isTrue();
        assertThat(writer.write(lines("late\n"))).isFalse();
        assertThat(writer.sent()).isEqualTo(new Sent(4, 0, 0, 0));
    }

    @Test
    void aPeerThatIsGoneBeforeTheFinIsNoError() {
        socket.fails();

        writer.finish();

        assertThat(socket.isFinished()).isFalse();
    }

    // ---- updates

    @Test
    void updatesCountWhenTheirLinesWereTaken() {
        socket.takes(PLENTY);

        assertThat(writer.write(updates(1, 2, 3))).isTrue();
        assertThat(writer.write(updates(5, 6, 9))).isTrue();
        assertThat(writer.write(lines("{\"event\":\"heartbeat\",\"seq\":12}\n")))
                .isTrue();

        assertThat(writer.sent().updates()).isEqualTo(6);
        assertThat(writer.sent().lastSeq()).isEqualTo(9);
    }

    @Test
    void ofLinesThatWereCutOnlyTheWholeOnesCount() {
        int whole = updates(1, 20, 300).size();
        for (int room = 0; room < whole; room++) {
            var cut = new StubChannel();
            var cutWriter = new SocketWriter(cut, cut::finish, () -> 0);
            cut.takes(room);

            assertThat(cutWriter.write(updates(1, 20, 300))).isFalse();
            cutWriter.stop();

            int updates = Math.max(0, cut.taken().split("\n", -1).length - 2);
            assertThat(cutWriter.sent())
                    .as("after %d bytes", room)
                    .isEqualTo(new Sent(room, whole - room, updates, LAST_SEQS[updates]));
        }
    }
}
