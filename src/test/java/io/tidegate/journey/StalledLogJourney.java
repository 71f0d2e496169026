package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.server.LineClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A server whose standard output is a pipe that nobody reads. */
@Timeout(600)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a signal begins the stop")
class StalledLogJourney {

    /** Two lines of the log each: together many times what a pipe holds. */
    private static final int CONNECTIONS = 1_000;

    @TempDir
    Path directory;

    @Test
    void itServesAndStopsAsEver() throws Exception {
        try (var server = ServerCommand.in(directory)
                .withoutHeartbeats()
                .with("log.level", "DEBUG")
                .start()) {
            var address = server.awaitAddress();
            server.ignoreLog();

            for (int i = 0; i < CONNECTIONS; i++) {
                new LineClient(address).close();
            }
            try (var client = new LineClient(address)) {
                client.send("updates", "put orders o-1 {}");
                assertThat(client.lines(4)).last().asString().contains("\"put\"");
                server.stop(Trigger.Kind.SIGTERM);
                assertThat(client.rest()).singleElement().asString().contains("goodbye");
            }
            assertThat(server.awaitCode()).isZero();
            server.readLog();
            server.awaitExit();

            List<String> log = server.log();
            assertThat(log).hasSizeGreaterThan(100);
        }
    }
}
