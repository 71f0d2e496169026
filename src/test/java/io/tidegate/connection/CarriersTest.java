package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.feed.StepExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CarriersTest {

    private final StepExecutor threads = new StepExecutor();
    private final List<Integer> turns = new ArrayList<>();

    private void wake(Carriers carriers, int from, int to) {
        for (int i = from; i <= to; i++) {
            int turn = i;
            carriers.execute(() -> turns.add(turn));
        }
    }

    @Test
    void turnsAreGivenInTheOrderOfTheWakeups() {
        var carriers = new Carriers(threads, 1);
        wake(carriers, 1, 5);
        assertThat(turns).isEmpty();

        threads.runAll();

        assertThat(turns).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void noMoreCarriersRunThanAllowed() {
        var carriers = new Carriers(threads, 3);

        wake(carriers, 1, 100);

        assertThat(threads.pending()).isEqualTo(3);
        threads.runAll();
        assertThat(turns).hasSize(100);
    }

    @Test
    void aCarrierLetsOthersUseItsThreadBetweenTurns() {
        var carriers = new Carriers(threads, 1);
        wake(carriers, 1, 1000);
        threads.execute(() -> turns.add(-1));

        threads.runNext();
        assertThat(turns).hasSizeLessThan(100);
        threads.runNext();

        assertThat(turns).endsWith(-1);
    }

    @Test
    void aCarrierThatFoundNothingIsStartedByTheNextWakeup() {
        var carriers = new Carriers(threads, 1);
        wake(carriers, 1, 2);
        threads.runAll();

        wake(carriers, 3, 3);
        threads.runAll();

        assertThat(turns).containsExactly(1, 2, 3);
    }

    @Test
    void aTurnMayWakeAnother() {
        var carriers = new Carriers(threads, 1);
        carriers.execute(() -> wake(carriers, 2, 3));
        wake(carriers, 1, 1);

        threads.runAll();

        assertThat(turns).containsExactly(1, 2, 3);
    }

    @Test
    void aTurnThatFailsHarmsNoOther() {
        var carriers = new Carriers(threads, 1);
        carriers.execute(() -> {
            throw new IllegalStateException("told to fail");
        });
        carriers.execute(() -> {
            throw new OutOfMemoryError("told to fail");
        });
        wake(carriers, 1, 2);
        threads.runAll();
        wake(carriers, 3, 3);
        threads.runAll();

        assertThat(turns).containsExactly(1, 2, 3);
    }

    @Test
    void whoWakesAFewGivesThemTheirTurns() {
        var carriers = new Carriers(threads, 1);

        carriers.wake(() -> wake(carriers, 1, 3), () -> true);

        assertThat(turns).containsExactly(1, 2, 3);
        assertThat(threads.pending()).isZero();
        wake(carriers, 4, 4);
        threads.runAll();
        assertThat(turns).containsExactly(1, 2, 3, 4);
    }

    @Test
    void theTurnsOfAFewMayWakeAFewMore() {
        var carriers = new Carriers(threads, 1);

        carriers.wake(() -> carriers.execute(() -> wake(carriers, 1, 3)), () -> true);

        assertThat(turns).containsExactly(1, 2, 3);
        assertThat(threads.pending()).isZero();
    }

    @Test
    void whoWakesManyHandsThemOver() {
        var carriers = new Carriers(threads, 2);

        carriers.wake(() -> wake(carriers, 1, 100), () -> true);

        assertThat(turns).isEmpty();
        assertThat(threads.pending()).isEqualTo(2);
        threads.runAll();
        assertThat(turns).hasSize(100);
    }

    @Test
    void whoHasSomethingBetterToDoHandsThemOver() {
        var carriers = new Carriers(threads, 1);

        carriers.wake(() -> wake(carriers, 1, 3), turns::isEmpty);

        assertThat(turns).containsExactly(1);
        threads.runAll();
        assertThat(turns).containsExactly(1, 2, 3);
    }

    @Test
    void whomOthersKeepBusyHandsOverAfterAFew() {
        var carriers = new Carriers(threads, 1);
        var again = new Runnable[1];
        again[0] = () -> {
            turns.add(turns.size() + 1);
            if (turns.size() < 1000) {
                wakeFromElsewhere(carriers, again[0]);
            }
        };

        carriers.wake(() -> carriers.execute(again[0]), () -> true);

        assertThat(turns).hasSizeLessThan(100);
        threads.runAll();
        assertThat(turns).hasSize(1000);
    }

    private static void wakeFromElsewhere(Carriers carriers, Runnable turn) {
        var other = new Thread(() -> carriers.execute(turn));
        other.start();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aCarrierThatCannotBeStartedIsStartedByTheNextWakeup() {
        var isFull = new AtomicBoolean(true);
        var carriers = new Carriers(
                task -> {
                    if (isFull.get()) {
                        throw new OutOfMemoryError("told to fail");
                    }
                    threads.execute(task);
                },
                1);

        assertThatThrownBy(() -> wake(carriers, 1, 1)).hasMessage("told to fail");
        isFull.set(false);
        wake(carriers, 2, 2);
        threads.runAll();

        assertThat(turns).containsExactly(1, 2);
    }

    @Test
    void whileACarrierRunsItTakesThem() {
        var carriers = new Carriers(threads, 1);
        wake(carriers, 1, 1);

        carriers.wake(() -> wake(carriers, 2, 3), () -> true);

        assertThat(turns).isEmpty();
        threads.runAll();
        assertThat(turns).containsExactly(1, 2, 3);
    }

    @Test
    void whoFailsToWakeAllGivesTheOthersTheirTurns() {
        var carriers = new Carriers(threads, 1);

        assertThatThrownBy(() -> carriers.wake(
                        () -> {
                            wake(carriers, 1, 2);
                            throw new IllegalStateException("told to fail");
                        },
                        () -> true))
                .hasMessage("told to fail");

        assertThat(turns).containsExactly(1, 2);
        carriers.wake(() -> wake(carriers, 3, 3), () -> true);
        assertThat(turns).containsExactly(1, 2, 3);
    }

    @Test
    void noWakeupOfManyThreadsIsLost() throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try {
            var carriers = new Carriers(pool, 2);
            int wakeups = 40_000;
            var left = new CountDownLatch(wakeups);
            var atOnce = new AtomicInteger();
            var most = new AtomicInteger();
            List<Thread> wakers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                // One thread commits.
                boolean wakesHere = i == 0;
                wakers.add(new Thread(() -> {
                    for (int j = 0; j < wakeups / 4; j++) {
                        Runnable turn = () -> {
                            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                            atOnce.decrementAndGet();
                            left.countDown();
                        };
                        if (wakesHere) {
                            carriers.wake(() -> carriers.execute(turn), () -> true);
                        } else {
                            carriers.execute(turn);
                        }
                    }
                }));
            }
            wakers.forEach(Thread::start);

            assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(most.get()).isLessThanOrEqualTo(2);
        } finally {
            pool.shutdownNow();
        }
    }
}
