package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WakeupTest {

    private final AtomicInteger signals = new AtomicInteger();
    private final Wakeup wakeup = new Wakeup(Runnable::run, signals::incrementAndGet);

    @Test
    void signalsCoalesceUntilTheFollowerLooks() {
        wakeup.signal();
        wakeup.signal();
        wakeup.signal();

        assertThat(signals).hasValue(1);
    }

    @Test
    void afterAResetTheNextSignalComesThrough() {
        wakeup.signal();
        wakeup.reset();
        wakeup.signal();
        wakeup.signal();

        assertThat(signals).hasValue(2);
    }

    @Test
    void aFollowerThatResetsWithinItsSignalIsSignalledAgain() {
        List<Integer> seen = new ArrayList<>();
        var itself = new Wakeup[1];
        itself[0] = new Wakeup(Runnable::run, () -> {
            itself[0].reset();
            seen.add(seen.size());
        });

        itself[0].signal();
        itself[0].signal();

        assertThat(seen).hasSize(2);
    }

    @Test
    void manyThreadsAreHeardOnce() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(new Thread(() -> {
                for (int j = 0; j < 1000; j++) {
                    wakeup.signal();
                }
            }));
        }

        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(signals).hasValue(1);
    }
}
