package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Selection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private final Hub hub = new Hub(new Hub.Settings(16, 1 << 20), 0);
    private final StepExecutor turns = new StepExecutor();
    private final List<String> taken = new ArrayList<>();

    private void park(String follower) {
        hub.park(hub.join(Selection.ALL), new Wakeup(turns, () -> taken.add(follower)), 0);
    }

    @Test
    void everyFollowerThatIsParkedGetsOneTurn() {
        var rounds = new Rounds(hub, turns, Duration.ZERO);
        for (int i = 0; i < 100; i++) {
            park("f" + i);
        }

        rounds.request();
        turns.runAll();
        rounds.request();
        turns.runAll();

        assertThat(taken).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void requestsDuringARoundAreOneRoundAfterIt() {
        var rounds = new Rounds(hub, turns, Duration.ZERO);
        park("first");
        rounds.request();
        turns.runNext();

        park("second");
        rounds.request();
        rounds.request();
        turns.execute(() -> taken.add("between"));
        assertThat(turns.runNext()).as("the turn of the first").isTrue();
        assertThat(taken).containsExactly("first");
        turns.runAll();

        assertThat(taken).containsExactly("first", "between", "second");
    }

    @Test
    void aLongRoundIsFollowedByAPauseOfAThirdOfIt() throws InterruptedException {
        var queue = new LinkedBlockingQueue<Runnable>();
        var rounds = new Rounds(hub, queue::add, Duration.ofSeconds(1));
        long start = System.nanoTime();
        rounds.request();
        next(queue).run();
        while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(40)) {
            Thread.onSpinWait();
        }
        next(queue).run();
        long ended = System.nanoTime();

        rounds.request();
        next(queue).run();
        hub.park(hub.join(Selection.ALL), new Wakeup(Runnable::run, () -> taken.add("parked in the pause")), 0);
        Runnable startOfTheSecond = next(queue);
        assertThat(System.nanoTime() - ended).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(12));
        startOfTheSecond.run();
        next(queue).run();

        assertThat(taken).containsExactly("parked in the pause");
    }

    private static Runnable next(LinkedBlockingQueue<Runnable> queue) throws InterruptedException {
        Runnable next = queue.poll(60, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }
}
