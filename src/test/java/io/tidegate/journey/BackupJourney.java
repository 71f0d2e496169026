package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.server.LineClient;
import io.tidegate.server.Tidegate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator backs up a server that runs, stops it, puts the backup back, and finds each server by its store. */
@Timeout(600)
class BackupJourney {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // the journey starts it
    private ServerProcess server;

    private Path store() {
        return directory.resolve("data");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** It leaves what it is found by when it serves already. */
    private void awaitFound() {
        Await.until(() -> Files.exists(store().resolve(Tidegate.LEFT_TOKEN)));
    }

    private List<String> tidegate(String... words) throws Exception {
        try (ServerProcess run = ServerCommand.in(store()).run(words)) {
            assertThat(run.awaitExit().code()).as("exit code of %s", run).isZero();
            return run.log();
        }
    }

    @Test
    void aBackupIsPutBackAndWhoSawMoreStartsAnew() throws Exception {
        String backup = directory.resolve("backup").toString();
        server = ServerCommand.in(store()).start();
        String subscribed;
        try (var client = new LineClient(server.awaitAddress())) {
            client.send("put orders o-1 1");
            assertThat(client.line()).contains("accepted");
            awaitFound();
            assertThat(tidegate("backup", backup, "--store", store().toString()))
                    .singleElement()
                    .asString()
                    .startsWith("backed up to " + backup + ": all up to ");
            client.send("put orders o-1 2", "put orders o-2 2", "updates");
            subscribed = client.lines(3).get(2);
        }
        String epoch = subscribed.replaceAll(".*\"epoch\":\"(\\w+)\".*", "$1");

        assertThat(tidegate("conns", "--store", store().toString()))
                .first()
                .asString()
                .startsWith("ID  PEER");
        assertThat(tidegate("stop")).first().asString().startsWith("stopped " + server.pid() + " in ");
        assertThat(server.awaitExit().code()).isZero();
        assertThat(server.log()).anyMatch(line -> line.contains("Stopping: admin"));
        server.requireNothingToLookAt();
        assertThat(tidegate("restore", backup)).contains("restored to " + store());

        server = ServerCommand.in(store()).start();
        awaitFound();
        try (var client = new LineClient(server.awaitAddress())) {
            client.send("follow after " + epoch + ":3");
            assertThat(client.lines(3))
                    .anyMatch(line -> line.contains("resync"))
                    .anyMatch(line -> line.contains("\"key\":\"o-1\",\"value\":1"));
        }
        assertThat(tidegate("stop")).first().asString().startsWith("stopped " + server.pid() + " in ");
        assertThat(server.awaitExit().code()).isZero();
        server.requireNothingToLookAt();
    }
}
