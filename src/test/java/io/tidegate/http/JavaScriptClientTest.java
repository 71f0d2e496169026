package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.NodeJs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client for JavaScript, and the modules of the pages, by the tests that are written in it. */
@Timeout(120)
class JavaScriptClientTest {

    private static final Path TESTS = Path.of("src/test/js");

    @Test
    void itsOwnTestsHold() throws Exception {
        Optional<Path> program = NodeJs.program();
        assumeTrue(program.isPresent(), "no Node is installed here: the client for JavaScript is not tested");
        List<String> words = new ArrayList<>(List.of("--test"));
        try (Stream<Path> files = Files.list(TESTS)) {
            files.filter(file -> file.toString().endsWith(".test.mjs"))
                    .sorted()
                    .forEach(file -> words.add(file.toString()));
        }

        Process process =
                NodeJs.command(program.get(), words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
    }
}
