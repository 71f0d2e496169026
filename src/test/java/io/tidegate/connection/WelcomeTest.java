package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who comes, and who is there. */
@Timeout(60)
class WelcomeTest {

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();

    @Test
    void workIsDoneBehindATurnOfThoseWhoAreThere() {
        var welcome = new Welcome(
                Runnable::run,
                turn -> {
                    done.add("turn");
                    turn.run();
                },
                1);

        welcome.execute(() -> done.add("handshake"));

        assertThat(done).containsExactly("turn", "handshake");
    }

    @Test
    void turnsThatAreNeverTakenDoNotKeepEverybodyOut() throws Exception {
        var worked = new CountDownLatch(1);
        var welcome = new Welcome(Runnable::run, turn -> {}, 1);

        welcome.execute(worked::countDown);

        assertThat(worked.await(0, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void thereIsRoomForAsManyAsMayWait() {
        var welcome = new Welcome(threads::add, Runnable::run, 4);
        assertThat(welcome.room()).isEqualTo(4);

        for (int i = 0; i < 3; i++) {
            welcome.execute(() -> {});
        }
        assertThat(welcome.room()).isEqualTo(1);

        welcome.execute(() -> {});
        welcome.execute(() -> {});
        assertThat(welcome.room()).isZero();
    }

    @Test
    void itIsToldOnceWhenHalfOfTheRoomIsFreeAgain() {
        var welcome = new Welcome(threads::add, Runnable::run, 4);
        welcome.whenRoom(() -> done.add("room for " + welcome.room()));
        for (int i = 0; i < 5; i++) {
            welcome.execute(() -> {});
        }

        threads.forEach(Runnable::run);

        assertThat(done).containsExactly("room for 2");
        assertThat(welcome.room()).isEqualTo(4);
    }

    @Test
    void workThatFailsNoLongerWaits() {
        var welcome = new Welcome(threads::add, Runnable::run, 4);
        welcome.execute(() -> {
            throw new IllegalStateException("a bug");
        });

        assertThatThrownBy(() -> threads.remove().run()).hasMessage("a bug");

        assertThat(welcome.room()).isEqualTo(4);
    }

    @Test
    void workThatNobodyTakesDoesNotWait() {
        var welcome = new Welcome(
                work -> {
                    throw new RejectedExecutionException("over");
                },
                Runnable::run,
                4);

        assertThatThrownBy(() -> welcome.execute(() -> {})).hasMessage("over");

        assertThat(welcome.room()).isEqualTo(4);
    }
}
