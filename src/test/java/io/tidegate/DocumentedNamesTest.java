package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents for developers call by name is there. */
class DocumentedNamesTest {

    /** A class, perhaps with a member; what is a word in prose has no such form. */
    private static final Pattern NAME = Pattern.compile("`([A-Z][a-z]\\w*)(?:[.#(][^`]*)?`");

    private static final Set<String> OF_OTHERS = Set.of("CoordinatedShutdown");

    @ParameterizedTest
    @ValueSource(strings = {"architecture.md", "contributing.md"})
    void everyClassThatIsNamedExists(String document) throws IOException {
        Set<String> sources;
        try (Stream<Path> files = Files.walk(Path.of("src"), FileVisitOption.FOLLOW_LINKS)) {
            sources = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }

        Set<String> unknown = NAME.matcher(Files.readString(Path.of("docs", document)))
                .results()
                .map(name -> name.group(1))
                .filter(name -> !OF_OTHERS.contains(name) && !sources.contains(name + ".java"))
                .collect(Collectors.toSet());

        assertThat(unknown).isEmpty();
    }
}
