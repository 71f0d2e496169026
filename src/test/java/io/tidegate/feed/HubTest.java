package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Selection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HubTest {

    private static final Hub.Settings FOUR_BATCHES = new Hub.Settings(4, 1 << 20);

    private final Batch.Builder builder = new Batch.Builder(new TextEncoder());
    private final AtomicInteger signals = new AtomicInteger();
    private final Wakeup wakeup = new Wakeup(Runnable::run, signals::incrementAndGet);

    private Batch batch(long firstSeq, int count) {
        return builder.build(Collections.nCopies(count, Change.put("c", "k", "1")), firstSeq, 0, 0, 0);
    }

    private static @Nullable Batch holding(Hub hub, long seq) {
        long entry = hub.find(seq);
        return entry < 0 ? null : hub.read(entry, seq);
    }

    private static void park(Hub hub, Wakeup wakeup, long seen) {
        hub.park(hub.join(Selection.ALL), wakeup, seen);
    }

    private static void leave(Hub hub, Wakeup wakeup) {
        hub.leave(hub.join(Selection.ALL), wakeup);
    }

    @Test
    void anEmptyHubHoldsNothing() {
        var hub = new Hub(FOUR_BATCHES, 41);

        assertThat(hub.head()).isEqualTo(41);
        assertThat(hub.find(41)).isEqualTo(-1);
        assertThat(hub.find(42)).isEqualTo(-1);
    }

    @Test
    void everySequenceNumberInTheRingIsFound() {
        var hub = new Hub(new Hub.Settings(16, 1 << 20), 41);
        List<Batch> appended = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Batch batch = batch(hub.head() + 1, 1 + i % 7);
            appended.add(batch);
            hub.append(batch);
            List<Batch> kept = appended.subList(Math.max(0, appended.size() - 16), appended.size());

            for (Batch each : appended) {
                for (long seq = each.firstSeq(); seq <= each.lastSeq(); seq++) {
                    assertThat(holding(hub, seq)).isSameAs(kept.contains(each) ? each : null);
                }
            }
            assertThat(holding(hub, hub.head() + 1)).isNull();
            assertThat(holding(hub, 41)).isNull();
        }
    }

    @Test
    void entriesAreReadOneByOneFromAFoundOne() {
        var hub = new Hub(FOUR_BATCHES, 0);
        for (long seq = 1; seq <= 6; seq++) {
            hub.append(batch(seq, 1));
        }

        long entry = hub.find(3);

        for (long seq = 3; seq <= 6; seq++) {
            Batch read = hub.read(entry++, seq);
            assertThat(read).isNotNull().satisfies(batch -> assertThat(batch.contains(3))
                    .isEqualTo(batch.firstSeq() == 3));
        }
        assertThat(hub.read(entry, 7)).isNull();
    }

    @Test
    void anEntryThatWasOverwrittenIsNotReadAsTheOldOne() {
        var hub = new Hub(FOUR_BATCHES, 0);
        hub.append(batch(1, 1));
        long entry = hub.find(1);

        for (long seq = 2; seq <= 5; seq++) {
            hub.append(batch(seq, 1));
        }

        assertThat(hub.read(entry, 1)).isNull();
        assertThat(hub.find(1)).isEqualTo(-1);
    }

    @Test
    void theOldestGoWhenTheBytesAreTooMany() {
        int size = batch(11, 10).stored().length;
        var hub = new Hub(new Hub.Settings(16, 3L * size), 0);
        for (int i = 0; i < 5; i++) {
            hub.append(batch(1 + 10L * i, 10));
        }

        assertThat(holding(hub, 20)).isNull();
        assertThat(holding(hub, 21)).isNotNull();
        assertThat(holding(hub, 50)).isNotNull();
    }

    @Test
    void theNewestBatchStaysWhateverItsSize() {
        var hub = new Hub(new Hub.Settings(16, 10), 0);

        hub.append(batch(1, 5));
        hub.append(batch(6, 5));
        hub.append(batch(11, 1));

        assertThat(holding(hub, 6)).isNull();
        assertThat(holding(hub, 11)).isNotNull();
    }

    @Test
    void aLargeBatchDoesNotShrinkTheRingForGood() {
        int size = batch(101, 1).stored().length;
        var hub = new Hub(new Hub.Settings(16, 4L * size), 0);
        hub.append(batch(1, 100));
        for (long seq = 101; seq <= 110; seq++) {
            hub.append(batch(seq, 1));
        }

        assertThat(holding(hub, 106)).isNull();
        assertThat(holding(hub, 107)).isNotNull();
    }

    @Test
    void aGapIsNotAppended() {
        var hub = new Hub(FOUR_BATCHES, 10);

        assertThatIllegalStateException().isThrownBy(() -> hub.append(batch(12, 1)));
        assertThatIllegalStateException().isThrownBy(() -> hub.append(batch(10, 1)));
        assertThat(hub.head()).isEqualTo(10);
    }

    @Test
    void theRingIsAPowerOfTwo() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Hub.Settings(3, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Hub.Settings(0, 1));
    }

    @Test
    void whoIsParkedIsSignalledOnceByTheNextAppend() {
        var hub = new Hub(FOUR_BATCHES, 0);
        park(hub, wakeup, 0);
        park(hub, wakeup, 0);
        assertThat(signals).hasValue(0);

        hub.append(batch(1, 1));
        hub.wakeParked(Runnable::run);
        hub.append(batch(2, 1));
        wakeup.reset();
        hub.wakeParked(Runnable::run);

        assertThat(signals).hasValue(1);
    }

    @Test
    void whoParksTooLateIsSignalledAtOnce() {
        var hub = new Hub(FOUR_BATCHES, 0);
        hub.append(batch(1, 1));

        park(hub, wakeup, 0);

        assertThat(signals).hasValue(1);
    }

    @Test
    void whoParksTooLateIsSignalledIfItIsConcerned() {
        var hub = new Hub(FOUR_BATCHES, 0);
        Interest concerned = hub.join(Selection.ofCollections(List.of(new Collection("c"))));
        Interest other = hub.join(Selection.ofCollections(List.of(new Collection("d"))));
        hub.commit(List.of(batch(1, 1)), List.of(Change.put("c", "k", "1")));

        hub.park(other, new Wakeup(Runnable::run, signals::incrementAndGet), 0);
        assertThat(signals).hasValue(0);
        hub.park(concerned, wakeup, 0);

        assertThat(signals).hasValue(1);
    }

    @Test
    void whoParksAgainWithinItsSignalWaitsForTheNextAppend() {
        var hub = new Hub(FOUR_BATCHES, 0);
        var itself = new Wakeup[1];
        itself[0] = new Wakeup(Runnable::run, () -> {
            signals.incrementAndGet();
            itself[0].reset();
            park(hub, itself[0], hub.head());
        });
        park(hub, itself[0], 0);
        park(hub, wakeup, 0);

        hub.append(batch(1, 1));
        hub.wakeParked(Runnable::run);
        assertThat(signals).hasValue(2);
        hub.append(batch(2, 1));
        hub.wakeParked(Runnable::run);

        assertThat(signals).hasValue(3);
    }

    @Test
    void whoLeavesIsForgottenAndTheOthersAreNot() {
        var hub = new Hub(FOUR_BATCHES, 0);
        List<Wakeup> parked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            parked.add(new Wakeup(Runnable::run, signals::incrementAndGet));
            park(hub, parked.get(i), 0);
        }

        for (int i = 0; i < 100; i += 3) {
            leave(hub, parked.get(i));
            leave(hub, parked.get(i));
        }
        hub.append(batch(1, 1));
        hub.wakeParked(Runnable::run);

        assertThat(signals).hasValue(66);
    }

    @Test
    void whoLeftMayParkAgain() {
        var hub = new Hub(FOUR_BATCHES, 0);
        leave(hub, wakeup);
        park(hub, wakeup, 0);
        leave(hub, wakeup);
        park(hub, wakeup, 0);

        hub.append(batch(1, 1));
        hub.wakeParked(Runnable::run);

        assertThat(signals).hasValue(1);
    }

    /** A follower on a thread of its own that sleeps until it is signalled, as a connection does. */
    private static final class Follower extends Thread {

        private final Hub hub;
        private final long end;
        private final CountDownLatch done;
        private final Semaphore signalled = new Semaphore(0);
        private final Wakeup wakeup = new Wakeup(Runnable::run, signalled::release);
        private long seq;
        private volatile @Nullable String complaint;

        Follower(Hub hub, long end, CountDownLatch done) {
            this.hub = hub;
            this.end = end;
            this.done = done;
        }

        @Override
        public void run() {
            try {
                while (seq < end && complaint == null) {
                    wakeup.reset();
                    follow();
                    park(hub, wakeup, seq);
                    if (seq < end && !signalled.tryAcquire(60, TimeUnit.SECONDS)) {
                        complaint = "never woken after " + seq + ", the head is " + hub.head();
                    }
                }
            } catch (InterruptedException e) {
                complaint = "interrupted";
            }
            done.countDown();
        }

        private void follow() {
            while (seq < hub.head()) {
                Batch batch = holding(hub, seq + 1);
                if (batch == null) {
                    // Fell out of the ring: the log would serve it up to here.
                    seq = hub.head();
                } else if (batch.contains(seq + 1)) {
                    seq = batch.lastSeq();
                } else {
                    complaint = batch + " was read as " + (seq + 1);
                    return;
                }
            }
        }
    }

    @Test
    void nobodyMissesAWakeupUnderConcurrentAppends() throws InterruptedException {
        int last = 60_000;
        var hub = new Hub(new Hub.Settings(16, 1 << 20), 0);
        var done = new CountDownLatch(6);
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            followers.add(new Follower(hub, last, done));
        }
        followers.forEach(Thread::start);

        for (long seq = 1; seq <= last; seq += 3) {
            hub.append(batch(seq, 3));
            hub.wakeParked(Runnable::run);
        }

        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(followers)
                .allSatisfy(follower -> assertThat(follower.complaint).isNull());
    }

    @Test
    void manyThreadsParkAtOnceAndAllAreWoken() throws InterruptedException {
        var hub = new Hub(FOUR_BATCHES, 0);
        var woken = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(new Thread(() -> {
                for (int j = 0; j < 1000; j++) {
                    park(hub, new Wakeup(Runnable::run, woken::incrementAndGet), 0);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        hub.append(batch(1, 1));
        hub.wakeParked(Runnable::run);

        assertThat(woken).hasValue(8000);
    }
}
