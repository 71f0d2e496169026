package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies of the store on the admin listener. */
@Timeout(120)
class CheckpointTest {

    @TempDir
    Path directory;

    private Tidegate server;
    private AdminClient admin;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(directory, "tidegate.store.checkpoints.most = 2");
        admin = AdminClient.of(server);
    }

    @AfterEach
    void end() {
        server.close();
    }

    private Config take() {
        AdminClient.Answer answer = admin.post("/v1/checkpoints");
        assertThat(answer.status()).isEqualTo(201);
        return ConfigFactory.parseString(answer.body());
    }

    private static String first(Config checkpoint) {
        return "/v1/checkpoints/" + checkpoint.getString("id") + "/"
                + checkpoint.getConfigList("files").get(0).getString("name");
    }

    @Test
    void aCheckpointTellsItsPositionAndItsFiles() {
        Position head =
                server.publish(Change.put("c", "k", "1")).toCompletableFuture().join();

        Config checkpoint = take();

        assertThat(checkpoint.getString("epoch")).isEqualTo(head.epoch());
        assertThat(checkpoint.getLong("seq")).isEqualTo(head.seq());
        assertThat(checkpoint.getConfigList("files"))
                .extracting(file -> file.getString("name"))
                .contains("CURRENT");
        assertThat(checkpoint.getConfigList("files").stream()
                        .mapToLong(file -> file.getLong("bytes"))
                        .sum())
                .isEqualTo(checkpoint.getLong("bytes"));
    }

    @Test
    void aFileIsReadFromAnyPlaceAndIsEmptyAtItsEnd() {
        Config checkpoint = take();
        String current = "/v1/checkpoints/" + checkpoint.getString("id") + "/CURRENT";

        String whole = admin.get(current).body();

        assertThat(whole).startsWith("MANIFEST-");
        assertThat(admin.get(current).type()).isEqualTo("application/octet-stream");
        assertThat(admin.get(current + "?from=9").body()).isEqualTo(whole.substring(9));
        assertThat(admin.get(current + "?from=" + whole.length()).body()).isEmpty();
        assertThat(admin.get(current + "?from=-1").status()).isEqualTo(400);
        assertThat(admin.get(current + "?from=x").status()).isEqualTo(400);
    }

    @Test
    void nothingButItsFilesIsRead() {
        Config checkpoint = take();
        String here = "/v1/checkpoints/" + checkpoint.getString("id");

        assertThat(admin.get(here + "/nothing").status()).isEqualTo(404);
        assertThat(admin.get(here + "/%2e%2e%2fCURRENT").status()).isEqualTo(404);
        assertThat(admin.get("/v1/checkpoints/nothing/CURRENT").status()).isEqualTo(404);
    }

    @Test
    void thereAreAsManyAsMayBeAndMoreWhenOneIsDropped() {
        Config first = take();
        take();

        AdminClient.Answer third = admin.post("/v1/checkpoints");

        assertThat(third.status()).isEqualTo(503);
        assertThat(third.body()).contains("store.checkpoints.most");
        assertThat(admin.delete("/v1/checkpoints/" + first.getString("id")).status())
                .isEqualTo(200);
        assertThat(admin.delete("/v1/checkpoints/" + first.getString("id")).status())
                .isEqualTo(404);
        assertThat(admin.get(first(first)).status()).isEqualTo(404);
        take();
    }

    @Test
    void itIsAsTheStoreWasWhateverComesLater() throws Exception {
        server.publish(Change.put("c", "k", "1")).toCompletableFuture().join();
        Config checkpoint = take();
        server.publish(Change.put("c", "k", "2")).toCompletableFuture().join();
        Path taken = Path.of(server.storeDirectory(), "checkpoints", checkpoint.getString("id"));
        Path copy = directory.resolve("copy");
        Files.createDirectories(copy.resolve("data"));
        try (var files = Files.list(taken)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve("data").resolve(file.getFileName()));
            }
        }

        try (Tidegate other = TestServer.start(copy)) {
            assertThat(other.read("c", "k")
                            .toCompletableFuture()
                            .join()
                            .orElseThrow()
                            .value()
                            .toString())
                    .isEqualTo("1");
        }
    }

    @Test
    void nothingOfThemIsLeftWhenTheServerHasEnded() throws Exception {
        take();
        Path all = Path.of(server.storeDirectory(), "checkpoints");
        assertThat(all).isNotEmptyDirectory();

        server.close();

        assertThat(all).doesNotExist();
    }

    @Test
    void oneThatNobodyReadsIsDeleted() throws Exception {
        server.close();
        var time = new TestTime();
        Tidegate other =
                TestServer.start(time, directory.resolve("other"), "tidegate.store.checkpoints.keep-for = 1 m");
        try {
            AdminClient.of(other).post("/v1/checkpoints");
            Path all = Path.of(other.storeDirectory(), "checkpoints");

            time.flowsWhile(() ->
                    Await.until(() -> !all.toFile().exists() || all.toFile().list().length == 0));
        } finally {
            TestServer.end(time, other);
        }
    }
}
