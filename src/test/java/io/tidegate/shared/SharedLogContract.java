package io.tidegate.shared;

import static io.tidegate.shared.LogReading.SOON;
import static io.tidegate.shared.LogReading.answer;
import static io.tidegate.shared.LogReading.append;
import static io.tidegate.shared.LogReading.assertFails;
import static io.tidegate.shared.LogReading.bytes;
import static io.tidegate.shared.LogReading.failureOf;
import static io.tidegate.shared.LogReading.names;
import static io.tidegate.shared.LogReading.read;
import static io.tidegate.shared.LogReading.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.shared.SharedLog.Entry;
import io.tidegate.shared.SharedLog.Place;
import io.tidegate.shared.SharedLogException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every engine of a shared log has to do, against a real server. */
public abstract class SharedLogContract {

    /** A log of this test's own, of which nothing was made before; the same one each time. */
    protected abstract SharedLog open() throws SharedLogException;

    @Test
    protected void whatIsAppendedIsReadInItsOrderWithGrowingOffsets() throws Exception {
        try (SharedLog log = open()) {
            log.seek(Place.START);
            assertThat(log.poll(SOON)).isEmpty();
            assertThat(answer(log.end())).isEqualTo(answer(log.start())).isZero();
            long before = System.currentTimeMillis();

            append(log, "a", 1000);
            List<Entry> entries = read(log, 1000);

            assertThat(texts(entries)).isEqualTo(names("a", 0, 1000));
            assertThat(entries).extracting(Entry::offset).isSorted().doesNotHaveDuplicates();
            assertThat(entries).allSatisfy(entry -> {
                assertThat(entry.term()).isNotNegative();
                assertThat(entry.atMillis()).isBetween(before - 60_000, before + 60_000);
            });
            assertThat(answer(log.end())).isEqualTo(entries.get(999).offset() + 1);
            assertThat(log.failure()).isNull();
        }
    }

    @Test
    protected void allNodesReadTheSame() throws Exception {
        try (SharedLog one = open();
                SharedLog other = open()) {
            one.seek(Place.START);
            other.seek(Place.START);

            for (int i = 0; i < 20; i++) {
                append(one, "one" + i + "-", 3);
                append(other, "other" + i + "-", 3);
            }

            List<Entry> read = read(one, 120);
            List<Entry> same = read(other, 120);
            assertThat(one.identity()).isEqualTo(other.identity()).matches("\\p{ASCII}{1,100}");
            assertThat(texts(same)).isEqualTo(texts(read)).hasSize(120);
            assertThat(same)
                    .extracting(Entry::after)
                    .isEqualTo(read.stream().map(Entry::after).toList());
        }
    }

    @Test
    protected void readingGoesOnAtAPlace() throws Exception {
        try (SharedLog log = open();
                SharedLog later = open()) {
            append(log, "a", 10);
            log.seek(Place.START);
            List<Entry> entries = read(log, 10);

            later.seek(entries.get(5).after());
            assertThat(texts(read(later, 4))).isEqualTo(names("a", 6, 10));
            later.seek(entries.get(2).after());
            assertThat(texts(read(later, 7))).isEqualTo(names("a", 3, 10));
            later.seek(entries.get(9).after());
            assertThat(later.poll(SOON)).isEmpty();
            append(log, "b", 1);
            assertThat(texts(read(later, 1))).containsExactly("b0");
        }
    }

    @Test
    protected void anEntryMayBeAsLargeAsIsSaidAndNoLarger() throws Exception {
        try (SharedLog log = open()) {
            byte[] largest = new byte[log.maxEntryBytes()];
            new Random(1).nextBytes(largest);

            log.append(largest);
            log.append(bytes("behind"));

            log.seek(Place.START);
            List<Entry> entries = read(log, 2);
            assertThat(entries.get(0).bytes()).isEqualTo(largest);
            assertThat(texts(entries.subList(1, 2))).containsExactly("behind");
            log.seek(entries.get(0).after());
            assertThat(texts(read(log, 1))).containsExactly("behind");
            assertThatThrownBy(() -> log.append(new byte[log.maxEntryBytes() + 1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    protected void closingEndsAReadThatIsUnderWay() throws Exception {
        SharedLog log = open();
        log.seek(Place.START);
        var started = new CountDownLatch(1);
        CompletableFuture<SharedLogException> reading = CompletableFuture.supplyAsync(() -> {
            started.countDown();
            return catchThrowableOfType(SharedLogException.class, () -> log.poll(Duration.ofHours(1)));
        });
        started.await();

        log.close();

        String line = "the shared log is closed";
        assertFails(Kind.UNAVAILABLE, line, reading.get(1, TimeUnit.MINUTES));
        assertFails(Kind.UNAVAILABLE, line, catchThrowableOfType(SharedLogException.class, () -> log.poll(SOON)));
        assertFails(
                Kind.UNAVAILABLE,
                line,
                catchThrowableOfType(SharedLogException.class, () -> log.append(bytes("late"))));
        assertThat(failureOf(log.end()).kind()).isEqualTo(Kind.UNAVAILABLE);
    }
}
