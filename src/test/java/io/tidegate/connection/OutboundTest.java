package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.ledger.Sent;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes to the socket directly, what is left for the TCP stage, and what is counted. */
class OutboundTest {

    private static final int PLENTY = 10_000_000;
    private static final String PUT = "{\"event\":\"put\",\"seq\":%d,\"collection\":\"c\",\"key\":\"k\",\"value\":1}\n";
    private static final String DELETE = "{\"event\":\"delete\",\"seq\":%d,\"collection\":\"c\",\"key\":\"k\"}\n";

    /** After so many of the updates 1, 20 and 300. */
    private static final long[] LAST_SEQS = {0, 1, 20, 300};

    private final StubChannel socket = new StubChannel();
    private final Outbound outbound = asked(socket);

    /** A way out that may be written to. */
    private static Outbound asked(StubChannel socket) {
        var outbound = new Outbound(new PlainChannel(socket, socket::finish, () -> 0, () -> 0), System::nanoTime);
        outbound.asked();
        return outbound;
    }

    /** The TCP stage hands a piece to the kernel, and asks for more. */
    private void handOver(@Nullable ByteString piece) throws IOException {
        assertThat(piece).isNotNull();
        socket.write(piece.toByteBuffer());
        outbound.asked();
    }

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

        assertThat(outbound.write(lines("one\ntwo\n"))).isTrue();

        assertThat(socket.taken()).isEqualTo("one\ntwo\n");
        assertThat(socket.writes()).isEqualTo(1);
        assertThat(outbound.sent()).isEqualTo(new Sent(8, 0, 0, 0));
    }

    @Test
    void aSocketWithLittleRoomTakesTheBeginningAndTheRestLater() throws IOException {
        EventLines lines = lines("one\ntwo\n");
        socket.takes(5);

        assertThat(outbound.write(lines)).isFalse();
        assertThat(outbound.write(lines)).isFalse();
        assertThat(socket.taken()).isEqualTo("one\nt");
        assertThat(outbound.sent()).isEqualTo(new Sent(5, 3, 0, 0));
        socket.takes(PLENTY);

        handOver(outbound.piece());
        assertThat(outbound.isOpen()).isTrue();
        assertThat(socket.taken()).isEqualTo("one\ntwo\n");
        assertThat(outbound.sent()).isEqualTo(new Sent(8, 0, 0, 0));
    }

    @Test
    void aFullSocketIsTriedOnceUntilTheTcpStageAsks() throws IOException {
        String large = "0123456789".repeat(100);
        socket.takes(5);

        assertThat(outbound.write(lines(large))).isFalse();
        ByteString piece = outbound.piece();
        assertThat(socket.writes()).isEqualTo(1);
        assertThat(outbound.piece()).as("only one at a time").isNull();
        socket.takes(PLENTY);
        handOver(piece);

        assertThat(socket.writes()).as("the beginning, the piece, the rest").isEqualTo(3);
        assertThat(socket.taken()).isEqualTo(large);
    }

    @Test
    void nothingIsWrittenBeforeTheTcpStageHasAsked() {
        var unasked = new Outbound(new PlainChannel(socket, socket::finish, () -> 0, () -> 0), System::nanoTime);
        socket.takes(PLENTY);

        assertThat(unasked.isOpen()).isFalse();
        assertThat(unasked.write(lines("early\n"))).isFalse();

        assertThat(socket.writes()).isZero();
        assertThat(unasked.piece()).isNull();
    }

    @Test
    void theSameBytesGoToEachSocketWhole() {
        var second = new StubChannel();
        socket.takes(PLENTY);
        second.takes(2);
        EventLines shared = lines("shared\n");

        assertThat(outbound.write(shared)).isTrue();
        assertThat(asked(second).write(shared)).isFalse();
        assertThat(outbound.write(lines("own\n"))).isTrue();
        assertThat(outbound.write(shared)).isTrue();

        assertThat(socket.taken()).isEqualTo("shared\nown\nshared\n");
        assertThat(second.taken()).isEqualTo("sh");
    }

    @Test
    void whatIsLargerThanTheBufferGoesInParts() {
        String large = "0123456789".repeat(60_000);
        socket.takes(PLENTY);

        assertThat(outbound.write(lines(large))).isTrue();

        assertThat(socket.taken()).isEqualTo(large);
        assertThat(socket.writes()).isEqualTo(3);
    }

    @Test
    void aLargePartThatIsNotTakenWholeIsTheLast() {
        String large = "0123456789".repeat(60_000);
        socket.takes(300_000);

        assertThat(outbound.write(lines(large))).isFalse();

        assertThat(socket.taken()).isEqualTo(large.substring(0, 300_000));
        assertThat(socket.writes()).isEqualTo(2);
    }

    @Test
    void aSmallPieceOfTheRestIsForTheTcpStage() {
        EventLines lines = lines("0123456789".repeat(60));
        socket.takes(30);
        assertThat(outbound.write(lines)).isFalse();

        ByteString piece = outbound.piece();

        assertThat(piece).isEqualTo(lines.bytes().slice(30, 30 + PlainChannel.PIECE_BYTES));
        assertThat(outbound.sent().bytes()).as("before it was taken").isEqualTo(30);
        outbound.asked();
        assertThat(outbound.isOpen()).isFalse();
        assertThat(outbound.sent()).isEqualTo(new Sent(542, 58, 0, 0));
        assertThat(outbound.piece()).isEqualTo(lines.bytes().takeRight(58));
        outbound.asked();
        assertThat(outbound.isOpen()).isTrue();
        assertThat(outbound.sent()).isEqualTo(new Sent(600, 0, 0, 0));
    }

    @Test
    void theKernelIsAskedForItsQueueOnlyWhenThatMayBeLong() {
        var asked = new AtomicInteger();
        var notSent = new AtomicLong();
        var out = new Outbound(
                new PlainChannel(socket, socket::finish, () -> 0, () -> {
                    asked.incrementAndGet();
                    return notSent.get();
                }),
                System::nanoTime);
        out.asked();
        socket.takes(PLENTY);

        assertThat(out.write(lines("0123456789"))).isTrue();
        assertThat(out.isQueueLongerThan(10)).isFalse();
        assertThat(asked).hasValue(0);

        assertThat(out.write(lines("0123456789"))).isTrue();
        notSent.set(11);
        assertThat(out.isQueueLongerThan(10)).isTrue();
        notSent.set(10);
        assertThat(out.isQueueLongerThan(10)).isFalse();
        assertThat(out.isQueueLongerThan(10)).isFalse();
        assertThat(asked).hasValue(2);
    }

    @Test
    void aQueueThatDoesNotBecomeShorterIsAClientThatTakesNothing() {
        var now = new AtomicLong(1000);
        var notSent = new AtomicLong(100);
        var out = new Outbound(new PlainChannel(socket, socket::finish, () -> 0, notSent::get), now::get);
        out.asked();
        socket.takes(PLENTY);
        assertThat(out.write(lines("0123456789".repeat(10)))).isTrue();

        assertThat(out.isQueueLongerThan(10)).isTrue();
        now.set(3000);
        assertThat(out.isQueueLongerThan(10)).isTrue();
        assertThat(out.blockedSince()).isEqualTo(1000);
        assertThat(out.queueStuckFor()).isEqualTo(2000);

        notSent.set(50);
        assertThat(out.isQueueLongerThan(10)).isTrue();
        assertThat(out.blockedSince()).as("it has become shorter").isEqualTo(3000);

        notSent.set(0);
        assertThat(out.isQueueLongerThan(10)).isFalse();
        assertThat(out.blockedSince()).isZero();
    }

    @Test
    void aBrokenSocketTakesNothingAndIsNotTriedAgain() {
        socket.fails();

        assertThat(outbound.write(lines("one\n"))).isFalse();
        assertThat(outbound.write(lines("two\n"))).isFalse();
        assertThat(outbound.piece()).isEqualTo(ByteString.fromString("one\n"));

        assertThat(socket.writes()).isEqualTo(1);
        assertThat(outbound.sent().bytes()).isZero();
    }

    @Test
    void aStoppedWayOutLeavesTheSocketAlone() {
        socket.takes(PLENTY);
        outbound.stop();

        assertThat(outbound.write(lines("late\n"))).isFalse();

        assertThat(socket.writes()).isZero();
        assertThat(outbound.sent()).isEqualTo(new Sent(0, 0, 0, 0));
    }

    @Test
    void aFinishedWayOutHasSentFinAndWritesNothingMore() {
        socket.takes(PLENTY);
        assertThat(outbound.write(lines("one\n"))).isTrue();
        assertThat(socket.isFinished()).isFalse();

        outbound.end();

        assertThat(socket.isFinished()).isTrue();
        assertThat(outbound.write(lines("late\n"))).isFalse();
        assertThat(outbound.sent()).isEqualTo(new Sent(4, 0, 0, 0));
    }

    @Test
    void aPeerThatIsGoneBeforeTheFinIsNoError() {
        socket.fails();

        outbound.end();

        assertThat(socket.isFinished()).isFalse();
    }

    // ---- updates

    @Test
    void updatesCountWhenTheirLinesWereTaken() {
        socket.takes(PLENTY);

        assertThat(outbound.write(updates(1, 2, 3))).isTrue();
        assertThat(outbound.write(updates(5, 6, 9))).isTrue();
        assertThat(outbound.write(lines("{\"event\":\"heartbeat\",\"seq\":12}\n")))
                .isTrue();

        assertThat(outbound.sent().updates()).isEqualTo(6);
        assertThat(outbound.sent().lastSeq()).isEqualTo(9);
    }

    @Test
    void ofLinesThatWereCutOnlyTheWholeOnesCount() {
        int whole = updates(1, 20, 300).size();
        for (int room = 0; room < whole; room++) {
            var cut = new StubChannel();
            var cutOutbound = asked(cut);
            cut.takes(room);

            assertThat(cutOutbound.write(updates(1, 20, 300))).isFalse();
            cutOutbound.stop();

            int updates = Math.max(0, cut.taken().split("\n", -1).length - 2);
            assertThat(cutOutbound.sent())
                    .as("after %d bytes", room)
                    .isEqualTo(new Sent(room, whole - room, updates, LAST_SEQS[updates]));
        }
    }
}
