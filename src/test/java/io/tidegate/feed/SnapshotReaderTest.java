package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A snapshot as a stream of chunks. */
class SnapshotReaderTest {

    /** One document of a one-letter key and a one-digit value reaches it. */
    private static final int ONE_DOCUMENT = 2;

    private final MemoryFeedLog log = new MemoryFeedLog();
    private final StepExecutor reads = new StepExecutor();
    private final Feed feed = new Feed(
            log,
            FeedLimits.roomy().snapshotCacheBytes(0).settings(),
            new TextEncoder(),
            Runnable::run,
            reads,
            Runnable::run,
            CommitObserver.NONE);
    private final AtomicInteger signals = new AtomicInteger();
    private final Wakeup wakeup = new Wakeup(Runnable::run, signals::incrementAndGet);

    private void publish(Change... changes) {
        for (Change change : changes) {
            var unused = feed.publish(change, () -> {});
        }
    }

    private void publishThree() {
        publish(Change.put("c", "a", "1"), Change.put("c", "b", "2"), Change.put("c", "c", "3"));
    }

    private SnapshotReader reader() {
        return feed.readSnapshot(Selection.ALL, ONE_DOCUMENT, wakeup);
    }

    private static String poll(SnapshotReader reader) throws FeedLogException {
        EventLines lines = reader.poll();
        return lines == null ? "" : lines.bytes().utf8String();
    }

    @Test
    void documentsComeChunkByChunkAndThenTheEnd() throws FeedLogException {
        publishThree();
        SnapshotReader reader = reader();

        assertThat(reader.poll()).isNull();
        assertThat(reader.total()).isEmpty();
        for (String document : List.of("c/\"a\" 1\n", "c/\"b\" 2\n", "c/\"c\" 3\n")) {
            wakeup.reset();
            reads.runAll();
            assertThat(poll(reader)).isEqualTo(document);
            assertThat(reader.isAtEnd()).isFalse();
            assertThat(reader.total().isPresent()).as("known").isEqualTo(document.startsWith("c/\"c\""));
        }
        assertThat(reader.poll()).isNull();

        assertThat(reader.isAtEnd()).isTrue();
        assertThat(reader.documents()).isEqualTo(3);
        assertThat(reader.total()).hasValue(3);
        assertThat(reader.seq()).isEqualTo(3);
        assertThat(signals).hasValue(3);
    }

    @Test
    void oneChunkIsReadAheadAndNoMore() throws FeedLogException {
        publishThree();
        SnapshotReader reader = reader();

        reads.runAll();
        reads.runAll();
        assertThat(log.snapshotReads()).isEqualTo(1);
        assertThat(poll(reader)).isEqualTo("c/\"a\" 1\n");
        reads.runAll();
        assertThat(log.snapshotReads()).isEqualTo(2);

        assertThat(poll(reader)).isEqualTo("c/\"b\" 2\n");
        assertThat(poll(reader)).isEmpty();
        assertThat(reads.pending()).isEqualTo(1);
    }

    @Test
    void anEmptySnapshotEndsAtOnce() throws FeedLogException {
        SnapshotReader reader = reader();
        reads.runAll();

        assertThat(reader.poll()).isNull();

        assertThat(reader.isAtEnd()).isTrue();
        assertThat(reader.seq()).isZero();
        assertThat(reader.documents()).isZero();
    }

    @Test
    void updatesAfterTheSnapshotAreNotInIt() throws FeedLogException {
        publishThree();
        SnapshotReader reader = reader();
        reads.runAll();

        publish(Change.delete("c", "b"), Change.put("c", "d", "4"));
        var all = new StringBuilder();
        while (!reader.isAtEnd()) {
            all.append(poll(reader));
            reads.runAll();
        }

        assertThat(all.toString()).isEqualTo("c/\"a\" 1\nc/\"b\" 2\nc/\"c\" 3\n");
        assertThat(reader.seq()).isEqualTo(3);
    }

    @Test
    void onlyTheCollectionsOfTheFilterAreRead() throws FeedLogException {
        publish(Change.put("a", "k", "1"), Change.put("b", "k", "2"));
        SnapshotReader reader =
                feed.readSnapshot(Selection.ofCollections(List.of(new Collection("b"))), 1 << 16, wakeup);
        reads.runAll();

        assertThat(poll(reader)).isEqualTo("b/\"k\" 2\n");
        assertThat(reader.seq()).isEqualTo(2);
    }

    @Test
    void aStretchHasWhatIsBehindADocumentAndIsNotReadBeyondItsEnd() throws FeedLogException {
        publishThree();
        publish(Change.put("c", "d", "4"), Change.put("d", "a", "5"));
        var behind = new DocumentName(new Collection("c"), new Key("aa"));
        SnapshotReader reader = feed.readSnapshot(Selection.ALL, new Stretch(behind, 3), 2 * ONE_DOCUMENT, wakeup);

        var all = new StringBuilder();
        while (!reader.isAtEnd()) {
            reads.runAll();
            all.append(poll(reader));
        }

        assertThat(all.toString()).isEqualTo("c/\"b\" 2\nc/\"c\" 3\nc/\"d\" 4\n");
        assertThat(reader.documents()).isEqualTo(3);
        assertThat(reader.total()).as("of all: nobody has read them").isEmpty();
        assertThat(log.snapshotReads()).isEqualTo(3);
        reader.close();
        reads.runAll();
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void aStretchIsCutOutOfAChunkThatOthersMayUse() throws FeedLogException {
        publishThree();
        SnapshotReader reader = feed.readSnapshot(Selection.ALL, new Stretch(null, 2), 1 << 16, wakeup);
        reads.runAll();

        assertThat(poll(reader)).isEqualTo("c/\"a\" 1\nc/\"b\" 2\n");
        assertThat(reader.isAtEnd()).isFalse();
        assertThat(reader.poll()).isNull();
        assertThat(reader.isAtEnd()).isTrue();
        assertThat(log.snapshotReads()).isEqualTo(1);
    }

    @Test
    void closingReleasesTheSnapshotAfterTheReadThatIsUnderWay() throws FeedLogException {
        publishThree();
        SnapshotReader reader = reader();
        reads.runAll();
        assertThat(poll(reader)).isEqualTo("c/\"a\" 1\n");
        assertThat(reads.pending()).isEqualTo(1);

        reader.close();
        assertThat(log.openSnapshots()).isEqualTo(1);
        reads.runAll();

        assertThat(log.openSnapshots()).isZero();
        assertThat(log.snapshotReads()).isEqualTo(2);
    }

    @Test
    void closingBeforeTheSnapshotIsOpenReleasesItToo() {
        publishThree();
        SnapshotReader reader = reader();

        reader.close();
        reads.runAll();

        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void closingAtTheEndAndTwiceReleasesOnce() throws FeedLogException {
        SnapshotReader reader = reader();
        reads.runAll();
        assertThat(reader.poll()).isNull();

        reader.close();
        reader.close();
        reads.runAll();

        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void aSnapshotThatCannotBeOpenedFailsThePoll() {
        log.failSnapshots("disk gone");
        SnapshotReader reader = reader();
        reads.runAll();

        assertThat(signals).hasValue(1);
        assertThatExceptionOfType(FeedLogException.class)
                .isThrownBy(reader::poll)
                .withMessage("disk gone");
        reader.close();
        reads.runAll();
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void aReadThatFailsEndsTheSnapshotAndItIsReleased() throws FeedLogException {
        publishThree();
        SnapshotReader reader = reader();
        reads.runAll();
        log.failSnapshots("disk gone");
        wakeup.reset();
        assertThat(poll(reader)).isEqualTo("c/\"a\" 1\n");
        reads.runAll();

        assertThat(signals).hasValue(2);
        assertThatExceptionOfType(FeedLogException.class).isThrownBy(reader::poll);
        reader.close();
        reads.runAll();
        assertThat(log.openSnapshots()).isZero();
    }
}
