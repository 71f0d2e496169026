package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.feed.StepExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
                wakers.add(new Thread(() -> {
                    for (int j = 0; j < wakeups / 4; j++) {
                        carriers.execute(() -> {
                            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                            atOnce.decrementAndGet();
                            left.countDown();
                        });
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
