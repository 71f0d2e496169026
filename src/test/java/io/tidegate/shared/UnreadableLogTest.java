package io.tidegate.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Precondition;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.Publication;
import io.tidegate.feed.Publication.Refusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A shared log that cannot be read on: a node stops in front of that, and passes over nothing that others may read. */
class UnreadableLogTest extends SharedOrderFixture {

    /** All that this version knows of it. */
    private static final byte[] OF_VERSION_99 = {(byte) 0xf9, 0x54, 99, 1, 2, 3};

    @Test
    void aLogThatWasCutBackIsNotReadAnyFurther() {
        one.publish(PUT);
        one.send();
        one.readAll();
        log.cut(1);
        two.publish(OTHER);
        two.send();

        var again = new SteppedNode(log, one.store.copy());
        again.readAll();

        assertThat(again.order.trouble())
                .contains("not in the shared log any more")
                .contains("restart it");
        assertThat(again.lines()).isEqualTo("1 c/k 1\n");
        assertThat(again.publish(OTHER).refusal()).isEqualTo(Refusal.UNAVAILABLE);
    }

    @Test
    void aLogThatWasMadeAnewIsNotReadAsIfItWereTheOldOne() {
        one.publish(PUT);
        one.send();
        one.readAll();
        log.recreate();
        log.leaveHole(1);
        var newcomer = new SteppedNode(log, new MemoryFeedLog());
        newcomer.publish(OTHER);
        newcomer.send();

        one.readAll();

        assertThat(one.order.trouble())
                .contains("not in the shared log any more")
                .contains("restart it");
        assertThat(one.lines()).isEqualTo("1 c/k 1\n");
    }

    /** It was there before the log was made anew, and has not noticed that. */
    @Test
    void whatANodeOfAnotherFeedWritesIsPassedOverByAllNodesAlike() throws Exception {
        var life = Life.begin();
        List<Publication> changes = List.of(one.publish(PUT));
        one.send();
        for (int number = 1; number <= 2; number++) {
            log.add(Records.group(new Header(Header.Kind.GROUP, Memory.feed("log-0"), life, number), changes));
        }
        log.add(Records.moved(new Header(Header.Kind.MOVED, Memory.feed("log-0"), life, 0)));
        two.publish(OTHER);
        two.send();
        one.readAll();
        one.letTimePass(Duration.ofSeconds(1));

        one.readAll();
        two.readAll();

        assertThat(one.lines()).isEqualTo("1 c/k 1\n2 c/other 2\n").isEqualTo(two.lines());
        assertThat(one.order.trouble()).isNull();
        assertThat(one.order.counts().strays())
                .isEqualTo(3)
                .isEqualTo(two.order.counts().strays());
    }

    @Test
    void aRecordOfANewerVersionIsNotPassedOver() {
        log.leaveHole(6);
        log.add(OF_VERSION_99);
        one.publish(PUT);
        one.send();

        one.readAll();

        assertThat(one.order.trouble())
                .isEqualTo(
                        "the record at offset 6 of the shared log cannot be read: its version is 99, and this node knows"
                                + " version 1: upgrade this node");
        assertThat(one.feed.head().seq()).isZero();
    }

    @Test
    void aRecordOfAKindThatThisNodeDoesNotKnowIsNotPassedOver() {
        one.publish(PUT);
        one.propose();
        one.client.arriveDamaged(record -> signed(changed(record, 7, (byte) 99)));

        two.readAll();

        assertThat(two.order.trouble()).contains("its kind is 99").contains("upgrade this node");
        assertThat(two.order.isHalted()).isTrue();
    }

    @Test
    void aNodeThatReadsNoFurtherAnswersAllAndStopsAtOnce() {
        Publication proposed = one.publish(PUT);
        one.propose();
        log.add(OF_VERSION_99);

        one.readAll();

        assertThat(one.order.trouble()).contains("upgrade this node");
        assertThat(proposed.refusal()).isEqualTo(Refusal.UNKNOWN);
        assertThat(one.feed.drain()).isCompleted();
    }

    @Test
    void whatOtherProgramsWriteIsPassedOverByAllNodesAlike() {
        log.add("hello".getBytes(UTF_8));
        log.add(new byte[0]);
        one.publish(PUT);
        one.send();
        log.add(new byte[] {OF_VERSION_99[0]});
        log.add(new byte[1000]);
        two.publish(OTHER, Precondition.mustNotExist());
        two.send();
        one.readAll();
        log.add("{\"qty\":5}".getBytes(UTF_8));
        one.letTimePass(Duration.ofSeconds(1));

        one.readAll();
        two.readAll();
        var again = new SteppedNode(log, one.store.copy());
        again.readAll();

        assertThat(one.lines()).isEqualTo("1 c/k 1\n2 c/other 2\n").isEqualTo(two.lines());
        assertThat(again.lines()).isEqualTo(one.lines());
        assertThat(one.order.trouble()).isNull();
        assertThat(one.order.counts().strays())
                .isEqualTo(5)
                .isEqualTo(two.order.counts().strays());
        assertThat(again.order.counts().strays())
                .as("behind what its store has")
                .isEqualTo(1);
    }

    /** Not even by the node that has proposed it, which knows what it was meant to be. */
    @Test
    void aDamagedRecordIsReadByNoNode() {
        assertStops(record -> changed(record, record.length - 1, (byte) 'x'));
        assertStops(record -> Arrays.copyOf(record, record.length - 1));
        assertStops(record -> Arrays.copyOf(record, record.length + 1));
        assertStops(record -> Arrays.copyOf(record, 20));
        assertStops(record -> Arrays.copyOf(record, 2));
    }

    private static void assertStops(UnaryOperator<byte[]> damage) {
        var damaged = new MemorySharedLog();
        var proposer = new SteppedNode(damaged, new MemoryFeedLog());
        var reader = new SteppedNode(damaged, new MemoryFeedLog());
        Publication before = proposer.publish(PUT);
        proposer.send();
        Publication publication = proposer.publish(OTHER);
        proposer.propose();
        proposer.client.arriveDamaged(damage);

        proposer.readAll();
        reader.readAll();

        assertThat(before.seq()).isEqualTo(1);
        assertThat(publication.refusal()).isEqualTo(Refusal.UNKNOWN);
        assertThat(proposer.order.trouble()).contains("offset 1").contains("it is damaged: restart this node");
        assertThat(reader.order.trouble()).isEqualTo(proposer.order.trouble());
        assertThat(reader.lines()).isEqualTo("1 c/k 1\n").isEqualTo(proposer.lines());
    }

    private static byte[] changed(byte[] record, int at, byte value) {
        byte[] copy = record.clone();
        copy[at] = value;
        return copy;
    }

    /** As a node of whatever version signs it. */
    private static byte[] signed(byte[] record) {
        var checksum = new CRC32C();
        checksum.update(record, 7, record.length - 7);
        return ByteBuffer.wrap(record).putInt(3, (int) checksum.getValue()).array();
    }
}
