package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.tidegate.document.Addresses;
import io.tidegate.document.Change;
import io.tidegate.server.Tidegate;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store of a server that runs is backed up, put back, counted and compacted from the command line. */
@Timeout(240)
class StoreCommandsTest {

    @TempDir
    Path directory;

    private Tidegate start(Path store) throws Exception {
        return Tidegate.start(ConfigFactory.parseString("tidegate.tcp.port = 0, tidegate.http.port = 0,"
                        + " tidegate.admin.port = 0, tidegate.store.durability = os")
                .withValue("tidegate.store.directory", ConfigValueFactory.fromAnyRef(store.toString())));
    }

    private static void put(Tidegate server, String key, String value) {
        server.publish(Change.put("orders", key, value)).toCompletableFuture().join();
    }

    private static String read(Tidegate server, String key) {
        return server.read("orders", key)
                .toCompletableFuture()
                .join()
                .map(String::valueOf)
                .orElse("none");
    }

    @Test
    void aBackupIsMadeOfAServerThatRunsAndPutBackAfterIt() throws Exception {
        Path store = directory.resolve("store");
        Path backup = directory.resolve("backup");
        String then;
        try (Tidegate server = start(store)) {
            put(server, "o-1", "1");
            then = server.position().toString();
            // One that was cut off is begun anew.
            Files.createDirectories(backup.resolve("incoming"));
            Files.writeString(backup.resolve("incoming").resolve("000004.sst"), "half");

            CommandRun run = CommandRun.of("backup", backup.toString(), "--store", store.toString());

            assertThat(run.out()).as(run.err()).startsWith("backed up to " + backup + ": all up to " + then + ", ");
            put(server, "o-1", "2");
            CommandRun again = CommandRun.of("backup", backup.toString(), "--store", store.toString());
            assertThat(again.err()).contains(backup + " is not empty");
            CommandRun early = CommandRun.of("restore", backup.toString(), "--store", store.toString());
            assertThat(early.exitCode()).isEqualTo(1);
            assertThat(early.err()).contains("in this process");
            assertThat(store.resolve("checkpoints")).isEmptyDirectory();
        }
        CommandRun verified = CommandRun.of("verify", backup.toString());
        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();

        CommandRun restored = CommandRun.of("restore", backup.toString(), "--store", store.toString());

        assertThat(restored.err()).isEmpty();
        assertThat(restored.out().lines())
                .contains("restored to " + store, "the store that was there is in " + store.resolve("aside"));
        try (Tidegate server = start(store)) {
            assertThat(read(server, "o-1")).contains("1").contains(then);
            assertThat(server.position().seq()).isEqualTo(1);
        }
    }

    @Test
    void aCopyThatIsDamagedIsNotPutBack() throws Exception {
        Path store = directory.resolve("store");
        Path backup = directory.resolve("backup");
        try (Tidegate server = start(store)) {
            put(server, "o-1", "1");
            CommandRun.of("backup", backup.toString(), "--store", store.toString());
            put(server, "o-1", "2");
        }
        try (var files = Files.list(backup)) {
            Files.write(
                    files.filter(file -> file.toString().endsWith(".sst"))
                            .findFirst()
                            .orElseThrow(),
                    new byte[10]);
        }

        CommandRun run = CommandRun.of("restore", backup.toString(), "--store", store.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("the copy " + backup + " is damaged, and the store was left as it is");
        try (Tidegate server = start(store)) {
            assertThat(read(server, "o-1")).contains("2");
        }
    }

    @Test
    void whereNoServerRunsThereIsNoBackup() {
        CommandRun run =
                CommandRun.of("backup", directory.resolve("backup").toString(), "--store", directory.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no server runs on the store");
        assertThat(directory.resolve("backup")).doesNotExist();
    }

    @Test
    void theCollectionsAreListedWithTheirSizes() throws Exception {
        Path store = directory.resolve("store");
        try (Tidegate server = start(store)) {
            put(server, "o-1", "1");
            put(server, "o-2", "\"é\"");
            server.publish(Change.put("cities", "Köln", "{}"))
                    .toCompletableFuture()
                    .join();
            String admin = "http://" + Addresses.shown(server.adminAddress());

            assertThat(CommandRun.of("collections", "--admin", admin).out().lines())
                    .containsExactly(
                            "COLLECTION  DOCUMENTS  BYTES",
                            "cities              1      2",
                            "orders              2      5");
            assertThat(CommandRun.of("collections", "--json", "--store", store.toString())
                            .out())
                    .contains("{\"collection\":\"orders\",\"documents\":2,\"bytes\":5}");
        }
    }

    @Test
    void theStoreIsCompactedWhileItIsServed() throws Exception {
        Path store = directory.resolve("store");
        try (Tidegate server = start(store)) {
            for (int i = 0; i < 300; i++) {
                put(server, "o-" + i % 3, "\"" + "x".repeat(1000) + i + "\"");
            }

            CommandRun run = CommandRun.of("compact", "--store", store.toString());

            assertThat(run.out()).as(run.err()).startsWith("compacted: ");
            assertThat(read(server, "o-2")).contains("x299");
        }
    }
}
