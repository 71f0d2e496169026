package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A selector's thread does itself what follows from what it found, as long as it is little. */
@Timeout(60)
class SelectorThreadTest {

    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1);
    private final BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> hasEnded = new CompletableFuture<>();
    private final SelectorThread thread = new SelectorThread(
            run -> {
                var made = new Thread(run, "selector");
                made.setUncaughtExceptionHandler((failed, cause) -> {
                    told.add(cause);
                    hasEnded.join();
                });
                return made;
            },
            time::get);
    private final List<String> done = new ArrayList<>();
    private final List<Runnable> pooled = new ArrayList<>();
    private final Executor pool = task -> {
        if (!SelectorThread.keeps(task, pooled::add)) {
            pooled.add(task);
        }
    };

    @AfterEach
    void end() {
        hasEnded.complete(null);
        thread.shutdownNow();
    }

    /** One selection, and what the thread does itself then. */
    private void select(Runnable selection) throws InterruptedException, ExecutionException {
        thread.execute(selection);
        // It is done behind all of that.
        thread.submit(() -> {}).get();
    }

    private Runnable doing(String what) {
        return () -> done.add(what);
    }

    private Runnable takingAsLongAs(long nanos, String what) {
        return () -> {
            time.addAndGet(nanos);
            done.add(what);
        };
    }

    @Test
    void whatASelectionHandsOverIsDoneBeforeTheNextSelection() throws Exception {
        select(() -> {
            thread.execute(doing("next selection"));
            pool.execute(doing("read"));
            pool.execute(doing("read another"));
            done.add("selection");
        });
        select(() -> {});

        assertThat(done).containsExactly("selection", "read", "read another", "next selection");
        assertThat(pooled).isEmpty();
    }

    @Test
    void whatFollowsFromThatIsDoneThenToo() throws Exception {
        select(() -> {
            pool.execute(() -> pool.execute(doing("take the line")));
            pool.execute(doing("read another"));
        });

        assertThat(done).containsExactly("read another", "take the line");
    }

    @Test
    void whatAnotherThreadHandsOverGoesToThePool() {
        pool.execute(doing("read"));

        assertThat(done).isEmpty();
        assertThat(pooled).hasSize(1);
    }

    @Test
    void whatFollowsWithoutEndGoesToThePoolInTheEnd() throws Exception {
        select(() -> pool.execute(new Runnable() {
            @Override
            public void run() {
                takingAsLongAs(SelectorThread.LONGEST_NANOS / 10, "again").run();
                pool.execute(this);
            }
        }));

        assertThat(done).hasSize(11);
        assertThat(pooled).hasSize(1);
    }

    @Test
    void whatWasKeptGoesToThePoolWhenItTakesTooLong() throws Exception {
        select(() -> {
            pool.execute(takingAsLongAs(SelectorThread.LONGEST_NANOS, "not too long"));
            pool.execute(takingAsLongAs(1, "too long now"));
            pool.execute(doing("kept before that"));
        });

        assertThat(done).containsExactly("not too long", "too long now");
        pooled.forEach(Runnable::run);
        assertThat(done).endsWith("kept before that");
    }

    @Test
    void afterThatNothingIsKeptForAWhile() throws Exception {
        long tooLong = SelectorThread.LONGEST_NANOS + 1;
        select(() -> pool.execute(takingAsLongAs(tooLong, "too long")));

        time.addAndGet(SelectorThread.PAUSE * tooLong - 1);
        select(() -> pool.execute(doing("read in the pause")));
        assertThat(done).containsExactly("too long");
        assertThat(pooled).hasSize(1);

        time.addAndGet(1);
        select(() -> pool.execute(doing("read after it")));
        assertThat(done).containsExactly("too long", "read after it");
    }

    @Test
    void anInterruptEndsWithTheTaskThatGotIt() throws Exception {
        select(() -> {
            pool.execute(() -> Thread.currentThread().interrupt());
            pool.execute(() -> done.add(Thread.currentThread().isInterrupted() ? "interrupted" : "read"));
        });

        assertThat(done).containsExactly("read");
    }

    @Test
    void theTimeThatASelectionWaitsIsNotCounted() throws Exception {
        select(takingAsLongAs(SelectorThread.LONGEST_NANOS * 1000, "waiting"));

        select(() -> pool.execute(doing("read")));

        assertThat(done).containsExactly("waiting", "read");
    }

    @Test
    void whatFailsIsToldAndTheThreadGoesOnAlthoughWhoIsToldEndsTheProcess() throws Exception {
        var bug = new IllegalStateException("told to fail");
        var shortage = new OutOfMemoryError("told to fail");
        select(() -> {
            pool.execute(() -> {
                throw bug;
            });
            pool.execute(() -> {
                throw shortage;
            });
            pool.execute(doing("read"));
        });

        assertThat(List.of(told.take(), told.take())).containsExactlyInAnyOrder(bug, shortage);
        assertThat(done).containsExactly("read");
        assertThat(thread.getPoolSize()).isEqualTo(1);
    }
}
