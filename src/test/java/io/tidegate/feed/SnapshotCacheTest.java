package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Selection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who asks for the same at the same position shares what was read, and nobody depends on that. */
class SnapshotCacheTest {

    /** What a chunk of one small document counts. */
    private static final int WEIGHT = 4096;

    private static final int ONE_DOCUMENT = 1;
    private static final int DOCUMENTS = 6;
    private static final String ALL = "c/\"0\" 0\nc/\"1\" 1\nc/\"2\" 2\nc/\"3\" 3\nc/\"4\" 4\nc/\"5\" 5\n";

    private final MemoryFeedLog log = new MemoryFeedLog();
    private final StepExecutor reads = new StepExecutor();
    private final Wakeup wakeup = new Wakeup(Runnable::run, () -> {});

    private Feed feedWithRoomFor(int chunks) {
        var feed = new Feed(
                log,
                FeedLimits.roomy().snapshotCacheBytes((long) chunks * WEIGHT).settings(),
                new TextEncoder(),
                Runnable::run,
                reads,
                Runnable::run,
                CommitObserver.NONE);
        for (int i = 0; i < DOCUMENTS; i++) {
            publish(feed, Change.put("c", Integer.toString(i), Integer.toString(i)));
        }
        return feed;
    }

    private static void publish(Feed feed, Change change) {
        var unused = feed.publish(change, () -> {});
    }

    private SnapshotReader reader(Feed feed) {
        return feed.readSnapshot(Selection.ALL, ONE_DOCUMENT, wakeup);
    }

    /** What is left of it; it stays open. */
    private String rest(SnapshotReader reader) throws FeedLogException {
        var all = new StringBuilder();
        while (!reader.isAtEnd()) {
            reads.runAll();
            EventLines lines = reader.poll();
            all.append(lines == null ? "" : lines.bytes().utf8String());
        }
        return all.toString();
    }

    private String readAndClose(SnapshotReader reader) throws FeedLogException {
        String all = rest(reader);
        close(reader);
        return all;
    }

    private void close(SnapshotReader reader) {
        reader.close();
        reads.runAll();
    }

    @Test
    void readersAtOnePositionShareEveryRead() throws FeedLogException {
        Feed feed = feedWithRoomFor(100);
        List<SnapshotReader> readers = List.of(reader(feed), reader(feed), reader(feed));

        for (SnapshotReader reader : readers) {
            assertThat(rest(reader)).isEqualTo(ALL);
        }

        assertThat(log.snapshotReads()).isEqualTo(DOCUMENTS);
        assertThat(log.openSnapshots()).isEqualTo(1);
    }

    @Test
    void aWholeSnapshotIsKeptForThoseWhoComeLater() throws FeedLogException {
        Feed feed = feedWithRoomFor(DOCUMENTS);
        assertThat(readAndClose(reader(feed))).isEqualTo(ALL);

        SnapshotReader later = reader(feed);

        assertThat(rest(later)).isEqualTo(ALL);
        assertThat(later.seq()).isEqualTo(DOCUMENTS);
        assertThat(later.documents()).isEqualTo(DOCUMENTS);
        assertThat(log.snapshotReads()).isEqualTo(DOCUMENTS);
    }

    @Test
    void whoAsksAfterAnAcknowledgementSeesTheChange() throws FeedLogException {
        Feed feed = feedWithRoomFor(100);
        SnapshotReader before = reader(feed);
        reads.runAll();

        publish(feed, Change.put("c", "5", "55"));
        SnapshotReader after = reader(feed);

        assertThat(rest(after)).isEqualTo(ALL.replace(" 5\n", " 55\n"));
        assertThat(rest(before)).isEqualTo(ALL);
    }

    @Test
    void anIdleSnapshotIsReleasedWhenTheHeadMoves() throws FeedLogException {
        Feed feed = feedWithRoomFor(100);
        readAndClose(reader(feed));
        assertThat(log.openSnapshots()).isEqualTo(1);

        publish(feed, Change.delete("c", "0"));
        reads.runAll();

        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void whoReadsAnOldSnapshotIsNotDisturbedByTheHeadAndReleasesItAtTheEnd() throws FeedLogException {
        Feed feed = feedWithRoomFor(100);
        SnapshotReader reader = reader(feed);
        reads.runAll();

        publish(feed, Change.delete("c", "0"));
        reads.runAll();

        assertThat(readAndClose(reader)).isEqualTo(ALL);
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void whatASlowReaderHasNotHadWhenItIsGoneIsReadAgain() throws FeedLogException {
        Feed feed = feedWithRoomFor(4);
        SnapshotReader slow = reader(feed);
        reads.runAll();

        assertThat(rest(reader(feed))).isEqualTo(ALL);
        int reads = log.snapshotReads();

        assertThat(rest(slow)).isEqualTo(ALL);
        assertThat(log.snapshotReads()).isGreaterThan(reads);
    }

    @Test
    void whenSlowReadersTakeAllRoomTheOthersReadForThemselves() throws FeedLogException {
        Feed feed = feedWithRoomFor(1);
        SnapshotReader slow = reader(feed);
        reads.runAll();
        publish(feed, Change.put("c", "5", "55"));

        assertThat(readAndClose(reader(feed))).isEqualTo(ALL.replace(" 5\n", " 55\n"));
        assertThat(readAndClose(slow)).isEqualTo(ALL);
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void withoutACacheEverybodyReadsForItself() throws FeedLogException {
        Feed feed = feedWithRoomFor(0);

        assertThat(readAndClose(reader(feed))).isEqualTo(ALL);
        assertThat(readAndClose(reader(feed))).isEqualTo(ALL);

        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void aSnapshotThatDoesNotFitIsNotHeldOpenForNobody() throws FeedLogException {
        Feed feed = feedWithRoomFor(DOCUMENTS - 1);

        assertThat(readAndClose(reader(feed))).isEqualTo(ALL);

        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void idleSnapshotsMakeRoomForThoseThatAreRead() throws FeedLogException {
        Feed feed = feedWithRoomFor(DOCUMENTS);
        readAndClose(reader(feed));
        for (int i = 0; i < 100; i++) {
            Selection other = Selection.ofCollections(List.of(new Collection("other-" + i)));
            readAndClose(feed.readSnapshot(other, ONE_DOCUMENT, wakeup));
        }

        assertThat(log.openSnapshots()).isEqualTo(DOCUMENTS);
    }

    @Test
    void filtersAreKeptApart() throws FeedLogException {
        Feed feed = feedWithRoomFor(100);
        readAndClose(reader(feed));

        Selection other = Selection.ofCollections(List.of(new Collection("other")));

        assertThat(readAndClose(feed.readSnapshot(other, ONE_DOCUMENT, wakeup))).isEmpty();
    }

    @Test
    void aReadThatFailedIsTriedAnewForWhoAsksNext() throws FeedLogException {
        Feed feed = feedWithRoomFor(100);
        log.failSnapshots("disk gone");
        SnapshotReader failed = reader(feed);
        reads.runAll();
        assertThatExceptionOfType(FeedLogException.class).isThrownBy(failed::poll);
        log.failSnapshots(null);

        assertThat(readAndClose(reader(feed))).isEqualTo(ALL);
        close(failed);
    }
}
