package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.feed.Batch;
import io.tidegate.feed.Epochs;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Retention;
import io.tidegate.feed.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RocksFeedLogTest extends StoreFixture {

    @Test
    void newStoreIsEmpty() throws FeedLogException {
        assertThat(log.epochs().newest()).matches("[a-z][a-z0-9]{7}");
        assertThat(log.last()).isNull();
        assertThat(log.oldest()).isNull();
        assertThat(log.orderState().offset()).isZero();
        assertThat(log.read(0, 1000)).isEmpty();
        assertThat(Contents.documents(log, Selection.ALL)).isEmpty();
    }

    @Test
    void batchesAreReadBackAsTheyWereAppended() throws FeedLogException {
        Batch first = publisher.append(Change.put("orders", "o-1", "{\"qty\":5}"), Change.delete("orders", "o-2"));
        Batch second = publisher.append(Change.put("orders", "o-1", "6"));

        assertThat(log.read(0, Integer.MAX_VALUE))
                .extracting(Batch::stored)
                .containsExactly(first.stored(), second.stored());
        assertThat(Contents.linesAfter(0, log))
                .containsExactly("1 orders/o-1 {\"qty\":5}", "2 orders/o-2 gone", "3 orders/o-1 6");
        assertThat(log.oldest()).isEqualTo(first);
        assertThat(log.last()).isEqualTo(second);
    }

    @Test
    void ofSeveralChangesOfADocumentInABatchTheLastCounts() throws FeedLogException {
        publisher.append(
                Change.put("orders", "o-1", "1"),
                Change.put("orders", "o-2", "2"),
                Change.put("drafts", "o-1", "3"),
                Change.delete("orders", "o-2"),
                Change.put("orders", "o-1", "4"),
                Change.delete("orders", "o-3"),
                Change.put("orders", "o-3", "5"));

        assertThat(Contents.documents(log, Selection.ALL))
                .isEqualTo(publisher.documents())
                .containsOnlyKeys("drafts/o-1", "orders/o-1", "orders/o-3");
        assertThat(Contents.linesAfter(0, log)).hasSize(7);
    }

    @Test
    void readingResumesFromTheMiddleOfABatch() throws FeedLogException {
        publisher.append(Change.put("c", "a", "1"));
        Batch middle =
                publisher.append(Change.put("c", "b", "2"), Change.put("c", "c", "3"), Change.put("c", "d", "4"));
        publisher.append(Change.put("c", "e", "5"));

        List<Batch> read = log.read(3, 1);

        assertThat(read).extracting(Batch::firstSeq).containsExactly(middle.firstSeq());
        assertThat(Contents.linesAfter(3, log)).containsExactly("4 c/d 4", "5 c/e 5");
    }

    @Test
    void readingStopsAfterTheBatchThatReachesTheLimit() throws FeedLogException {
        publisher.appendOrders(3);
        int size = log.read(0, 1).get(0).stored().length;

        assertThat(log.read(0, 0)).hasSize(1);
        assertThat(log.read(0, size)).hasSize(1);
        assertThat(log.read(0, size + 1)).hasSize(2);
        assertThat(log.read(3, size)).isEmpty();
        assertThat(log.read(99, size)).isEmpty();
    }

    @Test
    void batchThatIsNotTheNextIsRefused() throws FeedLogException {
        publisher.appendOrders(2);
        List<Change> changes = List.of(Change.delete("orders", "o-1"));
        Batch gap = new Batch.Builder(new PlainLines()).build(changes, 4, 4, 0, 0);
        Batch next = new Batch.Builder(new PlainLines()).build(changes, 3, 3, 0, 0);
        Batch afterNext = new Batch.Builder(new PlainLines()).build(changes, 5, 5, next.bytesAfter(), 0);
        List<Change> two = List.of(changes.get(0), changes.get(0));

        assertThatThrownBy(() -> log.append(List.of(gap), changes)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.append(List.of(next), List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.append(List.of(next, afterNext), two))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Contents.linesAfter(0, log)).hasSize(2);
    }

    @Test
    void severalBatchesAreCommittedAtOnce() throws FeedLogException {
        publisher.appendOrders(2);
        var builder = new Batch.Builder(new PlainLines());
        Change put = Change.put("orders", "o-1", "\"new\"");
        Change delete = Change.delete("orders", "o-2");
        Change last = Change.put("orders", "o-1", "\"newest\"");
        Batch first = builder.build(List.of(put, delete), 3, 17, 500, 7);
        Batch second = builder.build(List.of(last), 5, 17, first.bytesAfter(), 7);

        log.append(List.of(first, second), List.of(put, delete, last));
        reopen();

        assertThat(log.last()).isNotNull().extracting(Batch::firstSeq).isEqualTo(5L);
        assertThat(log.orderState().offset()).isEqualTo(17);
        assertThat(Contents.linesAfter(0, log)).hasSize(5);
        assertThat(Contents.documents(log, Selection.ALL)).isEqualTo(Map.of("orders/o-1", "\"newest\""));
        assertThat(log.seqOf(put.collection(), put.key())).isEqualTo(5);
    }

    @Test
    void largeValuesAndLongNamesAreKept() throws FeedLogException {
        String collection = "\u20ac".repeat(128);
        String key = "\ud83d\ude00".repeat(256);
        String large = "\"" + "x".repeat(300_000) + "\"";

        publisher.append(Change.put(collection, key, large), Change.put("small", "s", "1"));

        assertThat(Contents.documents(log, Selection.ALL)).isEqualTo(publisher.documents());
    }

    @Test
    void reopeningKeepsEverything() throws FeedLogException {
        Epochs before = log.epochs();
        publisher.append(Change.put("orders", "o-1", "1"), Change.put("orders", "o-2", "2"));
        publisher.append(Change.delete("orders", "o-1"));

        reopen();

        assertThat(log.epochs().of(3)).isEqualTo(before.of(3));
        assertThat(log.epochs().include(new Position(before.newest(), 3), 3)).isTrue();
        assertThat(log.epochs().include(new Position(before.newest(), 4), 5)).isFalse();
        assertThat(Contents.linesAfter(0, log))
                .containsExactly("1 orders/o-1 1", "2 orders/o-2 2", "3 orders/o-1 gone");
        assertThat(Contents.documents(log, Selection.ALL)).containsOnlyKeys("orders/o-2");
        publisher.appendOrders(1);
        assertThat(Contents.linesAfter(3, log)).containsExactly("4 orders/o-4 4");
    }

    @Test
    void forcedStoreWorksLikeTheOther(@TempDir Path other) throws FeedLogException {
        try (var forced = RocksFeedLog.open(new StoreSettings(other, Durability.SYNC))) {
            new Publisher(forced).appendOrders(3);

            assertThat(Contents.linesAfter(0, forced)).hasSize(3);
        }
    }

    @Test
    void closedLogRefusesEverythingAndClosesAgain() throws FeedLogException {
        publisher.appendOrders(1);
        Snapshot snapshot = log.snapshot(Selection.ALL);

        log.close();
        log.close();

        String refusal = "the store " + directory + " is closed";
        assertThatThrownBy(() -> publisher.appendOrders(1))
                .isInstanceOf(FeedLogException.class)
                .hasMessage(refusal);
        assertThatThrownBy(() -> log.read(0, 1))
                .isInstanceOf(FeedLogException.class)
                .hasMessage(refusal);
        assertThatThrownBy(() -> log.snapshot(Selection.ALL))
                .isInstanceOf(FeedLogException.class)
                .hasMessage(refusal);
        assertThatThrownBy(() -> snapshot.read(Snapshot.START, document -> false))
                .isInstanceOf(FeedLogException.class)
                .hasMessage(refusal);
        snapshot.close();
    }

    @Test
    void closingMeetsReadersAndAppends() throws Exception {
        publisher.appendOrders(500);
        var started = new CountDownLatch(3);
        var pool = Executors.newFixedThreadPool(3);

        List<Future<Object>> ends = List.of(
                pool.submit(untilRefused(started, () -> Contents.linesAfter(0, log))),
                pool.submit(untilRefused(started, () -> Contents.documents(log, Selection.ALL))),
                pool.submit(untilRefused(started, this::appendAndTrim)));
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
        log.close();

        for (Future<Object> end : ends) {
            assertThat(end.get(60, TimeUnit.SECONDS)).isEqualTo("the store " + directory + " is closed");
        }
        pool.shutdown();
    }

    private Batch appendAndTrim() throws FeedLogException {
        Batch appended = publisher.append(Change.put("orders", "o-1", "1"));
        log.trim(new Retention(100, Long.MAX_VALUE / 2, Duration.ZERO), Long.MAX_VALUE);
        return appended;
    }

    private static Callable<Object> untilRefused(CountDownLatch started, Callable<?> use) {
        return () -> {
            try {
                for (int i = 0; i < 10_000_000; i++) {
                    Object unused = use.call();
                    started.countDown();
                }
                return "never refused";
            } catch (FeedLogException e) {
                return String.valueOf(e.getMessage());
            }
        };
    }
}
