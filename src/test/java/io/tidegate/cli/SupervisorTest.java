package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.NotifyListener;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainStatus;
import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What who started the server is told of it. */
@EnabledOnOs(OS.LINUX)
class SupervisorTest {

    @TempDir
    Path directory;

    private final AtomicLong clock = new AtomicLong(Duration.ofSeconds(1000).toNanos());

    @SuppressWarnings("NullAway.Init") // each test has its own
    private NotifyListener listener;

    @SuppressWarnings("NullAway.Init") // each test has its own
    private Supervisor supervisor;

    @BeforeEach
    void listen() {
        listener = NotifyListener.at(directory.resolve("notify").toString());
        supervisor = Supervisor.at(listener.path(), clock::get);
        supervisor.serves(Duration.ofSeconds(30), "serves clients");
        assertThat(listener.receive()).containsExactly("READY=1", "STATUS=serves clients");
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private static DrainStatus status(DrainPhase phase, boolean cancellable) {
        return new DrainStatus(phase, "SIGTERM", 3, 1, Duration.ZERO, Duration.ofSeconds(20), false, cancellable);
    }

    @Test
    void aReloadBeginsByTheSupervisorsClockAndEndsWithWhatCameOfIt() {
        supervisor.reloads();
        supervisor.reloaded(List.of(
                new Reloader.Outcome("tcp certificates", Reload.unchanged()),
                new Reloader.Outcome("http certificates", Reload.refused("no key\nREADY=1"))));

        assertThat(listener.receive())
                .containsExactly("RELOADING=1", "MONOTONIC_USEC=1000000000", "STATUS=reads its files anew");
        assertThat(listener.receive())
                .as("nobody writes lines of his own")
                .containsExactly("READY=1", "STATUS=http certificates refused: no keyU+000AREADY=1");
    }

    @Test
    void aDrainAsksForTheRestOfItsTimeAndSomeToEnd() {
        supervisor.phaseChanged(status(DrainPhase.UNBINDING, false));
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        supervisor.progressed(status(DrainPhase.CONNECTIONS, false));
        clock.addAndGet(Duration.ofSeconds(60).toNanos());
        supervisor.progressed(status(DrainPhase.CONNECTIONS, false));

        assertThat(listener.receive())
                .containsExactly(
                        "STOPPING=1",
                        "EXTEND_TIMEOUT_USEC=35000000",
                        "STATUS=drain 2/6: 3 open, 1 straggler, 20 s left");
        assertThat(listener.receive()).startsWith("STOPPING=1", "EXTEND_TIMEOUT_USEC=25000000");
        assertThat(listener.receive()).startsWith("STOPPING=1", "EXTEND_TIMEOUT_USEC=5000000");
    }

    @Test
    void aStopThatMayBeCancelledIsNoStopYet() {
        supervisor.phaseChanged(status(DrainPhase.ANNOUNCING, true));
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        supervisor.phaseChanged(
                new DrainStatus(DrainPhase.RUNNING, "", 3, 0, Duration.ZERO, Duration.ZERO, false, false));
        supervisor.phaseChanged(status(DrainPhase.UNBINDING, false));

        assertThat(listener.receive())
                .containsExactly("EXTEND_TIMEOUT_USEC=35000000", "STATUS=drain 1/6: 3 open, 1 straggler, 20 s left");
        assertThat(listener.receive()).containsExactly("STATUS=runs on: the stop was cancelled");
        assertThat(listener.receive())
                .as("the next one's time")
                .startsWith("STOPPING=1", "EXTEND_TIMEOUT_USEC=35000000");
    }

    @Test
    void howeverLongItWasAnnouncedTheRestOfTheStopHasItsTime() {
        supervisor.phaseChanged(announced(Duration.ofMinutes(5)));
        clock.addAndGet(Duration.ofSeconds(100).toNanos());
        supervisor.progressed(announced(Duration.ofSeconds(200)));
        clock.addAndGet(Duration.ofSeconds(200).toNanos());
        supervisor.phaseChanged(status(DrainPhase.UNBINDING, false));
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        supervisor.progressed(status(DrainPhase.CLOSING, false));

        assertThat(listener.receive()).startsWith("EXTEND_TIMEOUT_USEC=335000000");
        assertThat(listener.receive()).startsWith("EXTEND_TIMEOUT_USEC=235000000");
        assertThat(listener.receive()).startsWith("STOPPING=1", "EXTEND_TIMEOUT_USEC=35000000");
        assertThat(listener.receive()).startsWith("STOPPING=1", "EXTEND_TIMEOUT_USEC=25000000");
    }

    private static DrainStatus announced(Duration left) {
        return new DrainStatus(
                DrainPhase.ANNOUNCING, "admin", 3, 0, left, left.plus(Duration.ofSeconds(20)), false, true);
    }

    @Test
    void whoeverIsNoLongerThereHoldsUpNobody() {
        Supervisor.at(directory.resolve("gone").toString(), clock::get)
                .phaseChanged(status(DrainPhase.UNBINDING, false));
        Supervisor.at("nowhere", clock::get).reloads();
        Supervisor.at(null, clock::get).reloads();
    }
}
