package io.tidegate.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.reload.Reload.Result;
import io.tidegate.reload.Reloadable.Trigger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Who has files read anew, and when, by an executor that runs what the test tells it to. */
class ReloaderTest {

    private static final class Part implements Reloadable {

        private final String what;
        private final List<Trigger> asked = new ArrayList<>();
        private Reload next = Reload.unchanged();

        Part(String what) {
            this.what = what;
        }

        @Override
        public String what() {
            return what;
        }

        @Override
        public Reload reload(Trigger trigger) {
            asked.add(trigger);
            if (next.line().equals("bug")) {
                throw new IllegalStateException("bug");
            }
            return next;
        }
    }

    private final Part certificates = new Part("http certificates");
    private final Part tokens = new Part("tokens");
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Reloader reloader = new Reloader(List.of(certificates, tokens), tasks::add);

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void aLookAsksEverybodyAndIsLeftOutWhileTheLastOneLasts() {
        reloader.poll();
        reloader.poll();
        assertThat(tasks).hasSize(1);
        runTasks();
        assertThat(certificates.asked).containsExactly(Trigger.INTERVAL);
        assertThat(tokens.asked).containsExactly(Trigger.INTERVAL);

        reloader.poll();
        runTasks();
        assertThat(tokens.asked).hasSize(2);
    }

    @Test
    void whoAsksWhileItReadsHasItReadOnceMoreAfterwards() {
        reloader.poll();
        var first = reloader.reload("test").toCompletableFuture();
        var second = reloader.reload("test").toCompletableFuture();
        assertThat(tasks).as("one after the other").hasSize(1);

        runTasks();

        assertThat(tokens.asked).containsExactly(Trigger.INTERVAL, Trigger.HAND, Trigger.HAND);
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }

    @Test
    void whatCameOfEachIsToldAndCounted() {
        certificates.next = Reload.reloaded("CN=a.test");
        tokens.next = Reload.refused("no such file");
        var told = reloader.reload("test").toCompletableFuture();
        reloader.poll();
        runTasks();

        assertThat(told.join())
                .containsExactly(
                        new Reloader.Outcome("http certificates", Reload.reloaded("CN=a.test")),
                        new Reloader.Outcome("tokens", Reload.refused("no such file")));
        reloader.poll();
        runTasks();
        assertThat(reloader.counts())
                .containsExactlyInAnyOrder(
                        new Reloader.Count("http certificates", Result.RELOADED, 2),
                        new Reloader.Count("http certificates", Result.REFUSED, 0),
                        new Reloader.Count("tokens", Result.RELOADED, 0),
                        new Reloader.Count("tokens", Result.REFUSED, 2));
    }

    @Test
    void aBugOfOneKeepsNobodyFromBeingRead() {
        certificates.next = Reload.reloaded("bug");

        var told = reloader.reload("test").toCompletableFuture();
        runTasks();

        assertThat(told.join().get(0).reload()).isEqualTo(Reload.refused("bug"));
        assertThat(tokens.asked).hasSize(1);
        reloader.poll();
        runTasks();
        assertThat(tokens.asked).hasSize(2);
    }
}
