package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.cli.bench.LyingServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a benchmark measured is printed whatever its check says. */
@Timeout(120)
class BenchReportTest {

    private static CommandRun run(String... more) throws Exception {
        try (var server = LyingServer.with(
                (follower, seq, update) -> follower == 2 && seq == 50 ? List.of(update, update) : List.of(update))) {
            String line = "bench --followers 3 --messages 100 --warmup 0 --port " + server.port() + " "
                    + String.join(" ", more);
            return CommandRun.of(line.strip().split(" "));
        }
    }

    @Test
    void aCheckThatFailsComesWithItsReport() throws Exception {
        CommandRun run = run();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("tidegate: of 100 updates to 3 followers: ");
        assertThat(run.out()).isNotBlank();
    }

    @Test
    void soItDoesAsJson() throws Exception {
        CommandRun run = run("--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).startsWith("{").endsWith("}\n");
    }
}
