package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidegate.NodeJs;
import io.tidegate.OwnClassPath;
import io.tidegate.cli.conformance.Follows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of programs that follow well, and of those that do not. */
@Timeout(600)
class ConformanceCommandTest {

    private static CommandRun run(String options, String... program) {
        List<String> line = new ArrayList<>(List.of("conformance", "--seed", "7"));
        line.addAll(Arrays.asList(options.split(" ")));
        line.addAll(List.of(
                "--",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                OwnClassPath.text(),
                Follows.class.getName()));
        line.addAll(List.of(program));
        return CommandRun.of(line.toArray(String[]::new));
    }

    @Test
    void theJavaClientConforms() {
        CommandRun run = run("--cuts " + Integer.getInteger("tidegate.cuts", 20));

        assertThat(run.err()).doesNotContain("FAILED");
        assertThat(run.out()).isEqualTo("The client conforms (--seed 7).\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void theClientForJavaScriptConformsWhereItsConnectionsEnd() {
        Optional<Path> node = NodeJs.program();
        assumeThat(node).as("Node.js").isPresent();

        CommandRun run = CommandRun.of(
                "conformance",
                "--only",
                "cut,drained",
                "--cuts",
                System.getProperty("tidegate.cuts", "20"),
                "--",
                node.orElseThrow().toString(),
                "src/test/js/conformance.mjs");

        assertThat(run.err()).doesNotContain("FAILED");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aProgramThatHasWhatIsNotThereDoesNot() {
        CommandRun run = run("--only follows", "invents");

        assertThat(run.err())
                .contains("FAILED  documents first, then each update")
                .contains("it has {")
                .contains("1 of 1 failed");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void aProgramThatSaysNothingDoesNot() {
        assertThat(run("--only follows --patience 1", "silent").err()).contains("within 1 s; it is nowhere");
    }

    @Test
    void aProgramThatPrintsSomethingElseDoesNot() {
        assertThat(run("--only follows", "chats").err()).contains("it printed what is no report, since it is not JSON");
    }

    @Test
    void aProgramThatIsNotThereIsNotTried() {
        CommandRun run = CommandRun.of("conformance", "--only", "follows", "--", "/no/such/program");

        assertThat(run.err()).contains("the program cannot be run");
        assertThat(run.exitCode()).isEqualTo(1);
    }
}
