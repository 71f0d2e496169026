package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.tidegate.document.Change;
import io.tidegate.server.Tidegate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store is verified by the command line, as a server left it. */
@Timeout(120)
class VerifyCommandTest {

    @TempDir
    Path temporary;

    private Path store;

    @BeforeEach
    void createStore() throws Exception {
        store = temporary.resolve("store");
        try (Tidegate server = start()) {
            server.publish(Change.put("orders", "a\u202e \"b\"", "{\"qty\" : 5}"))
                    .toCompletableFuture()
                    .join();
            server.publish(Change.put("orders", "gone", "[1]"))
                    .toCompletableFuture()
                    .join();
            server.publish(Change.delete("orders", "gone"))
                    .toCompletableFuture()
                    .join();
        }
    }

    private Tidegate start() throws Exception {
        return Tidegate.start(ConfigFactory.parseString("tidegate.tcp.port = 0, tidegate.http.port = 0,"
                        + " tidegate.admin.port = 0, tidegate.store.durability = os")
                .withValue("tidegate.store.directory", ConfigValueFactory.fromAnyRef(store.toString())));
    }

    private Path writeAheadLog() throws Exception {
        try (Stream<Path> files = Files.list(store)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .findAny()
                    .orElseThrow();
        }
    }

    @Test
    void aWholeStoreIsOneLine() throws Exception {
        CommandRun run = CommandRun.of("verify", store.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .matches(store.toRealPath()
                        + ": 1 documents, 3 updates from [a-z0-9]+:1 to [a-z0-9]+:3, 1 epochs; whole\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void programsGetOneObject() throws Exception {
        CommandRun run = CommandRun.of("verify", "--json", store.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).hasSize(1);
        assertThat(JsonTree.read(run.out().getBytes(StandardCharsets.UTF_8)))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("whole", true)
                .containsEntry("documents", 1)
                .containsEntry("updates", 3)
                .containsEntry("epochs", 1)
                .containsEntry("format", "4")
                .containsKeys("store", "first", "last", "problems", "moreProblems");
    }

    @Test
    void whatIsDamagedIsToldWithWhatToDo() throws Exception {
        Path log = writeAheadLog();
        byte[] bytes = Files.readAllBytes(log);
        bytes[40] ^= 1;
        Files.write(log, bytes);

        CommandRun run = CommandRun.of("verify", store.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains(log.getFileName().toString(), "restore a backup", "problem")
                .doesNotContain("whole;");
        assertThat(run.out().lines().count()).isGreaterThan(1);

        assertThat(JsonTree.read(CommandRun.of("verify", "--json", store.toString())
                        .out()
                        .getBytes(StandardCharsets.UTF_8)))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("whole", false)
                .extractingByKey("problems", InstanceOfAssertFactories.LIST)
                .first(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("where", "what");
    }

    @Test
    void aRunningServerIsLeftAlone() throws Exception {
        try (Tidegate server = start()) {
            CommandRun run = CommandRun.of("verify", store.toString());

            assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("is open in this process").hasLineCount(1);
            assertThat(server.publish(Change.put("orders", "a", "1"))
                            .toCompletableFuture()
                            .join()
                            .seq())
                    .isEqualTo(4);
        }
        assertThat(CommandRun.of("verify", store.toString()).exitCode()).isZero();
    }

    @Test
    void whereThereIsNoStoreThatIsSaid() {
        for (Map.Entry<Path, String> none : Map.of(
                        temporary.resolve("nowhere"), "there is no directory", temporary, "there is no store")
                .entrySet()) {
            CommandRun run = CommandRun.of("verify", none.getKey().toString());

            assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(run.err()).contains(none.getValue()).hasLineCount(1);
        }
    }
}
