package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/contributing.md} says of the files of the program and of its tests. */
class SourceFilesTest {

    private static final int MOST_LINES = 430;

    @Test
    void noFileIsTooLongToBeReadAtOnce() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            Map<Path, Integer> lines = files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(file -> file, SourceFilesTest::lines));

            assertThat(lines).hasSizeGreaterThan(100);
            lines.values().removeIf(count -> count <= MOST_LINES);
            assertThat(lines).as("files of more than %s lines", MOST_LINES).isEmpty();
        }
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
