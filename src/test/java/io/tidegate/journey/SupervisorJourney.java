package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.NotifyListener;
import io.tidegate.Signals;
import io.tidegate.server.LineClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A server in the hands of a supervisor that hears what it says of itself, as systemd does. */
@Timeout(600)
@EnabledOnOs(OS.LINUX)
class SupervisorJourney {

    @TempDir
    Path directory;

    @Test
    void theSupervisorHearsOfStartReloadAndAStopThatWaitsForAStraggler() throws Exception {
        try (var supervisor = NotifyListener.at(directory.resolve("notify").toString());
                var server = ServerCommand.in(directory.resolve("data"))
                        .with("drain.timeout", "4 s")
                        .with("connection.delivered-linger", "1 h")
                        .notifying(supervisor.path())
                        .start()) {
            assertThat(supervisor.receive())
                    .first()
                    .as("nothing is told before clients are served")
                    .isEqualTo("READY=1");
            // Reads to the end and does not close its side.
            try (var straggler = new LineClient(server.awaitAddress())) {
                straggler.send("updates");
                assertThat(straggler.lines(2).get(0)).contains("subscribed");

                Signals.send("HUP", server.pid());
                List<String> reloading = supervisor.receive();
                assertThat(reloading).first().isEqualTo("RELOADING=1");
                assertThat(Long.parseLong(NotifyListener.valueOf("MONOTONIC_USEC", reloading)))
                        .as("the clock of the supervisor")
                        .isBetween(System.nanoTime() / 1000 - 60_000_000, System.nanoTime() / 1000);
                assertThat(supervisor.receive()).containsExactly("READY=1", "STATUS=reloaded: nothing has changed");

                server.stop(Trigger.Kind.SIGTERM);
                List<String> stopping = supervisor.receive(line -> line.equals("STOPPING=1"));
                // 4 s for the connections, 10 s to close, 5 s to end.
                assertThat(Long.parseLong(NotifyListener.valueOf("EXTEND_TIMEOUT_USEC", stopping)))
                        .isBetween(14_000_000L, 19_000_000L);
                List<String> waiting = supervisor.receive(line -> line.contains("1 straggler"));
                assertThat(waiting).first().isEqualTo("STOPPING=1");
                assertThat(Long.parseLong(NotifyListener.valueOf("EXTEND_TIMEOUT_USEC", waiting)))
                        .as("no longer than the stop may take")
                        .isLessThan(19_000_000L);
                assertThat(supervisor.receive(line -> line.startsWith("STATUS=Drained in")))
                        .contains("STOPPING=1");
                assertThat(server.awaitExit().code()).isEqualTo(3);
            }
        }
    }
}
