package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.http.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of the console. */
class ConsoleTest {

    private static final Path SOURCES = Path.of("src/main/resources/io/tidegate/admin/console");
    private static final Pattern IMPORT = Pattern.compile("(?:from |import\\()\"\\./([^\"]+)\"");
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

    private final Map<String, Resource> files = Console.resources();

    private static List<Path> sources() throws Exception {
        try (Stream<Path> found = Files.list(SOURCES)) {
            return found.filter(file -> !file.endsWith("package.json") && !file.endsWith("index.html"))
                    .toList();
        }
    }

    @Test
    void everyFileOfItIsServed() throws Exception {
        assertThat(sources()).hasSizeGreaterThan(10).allSatisfy(file -> assertThat(files)
                .containsKey("/console/" + file.getFileName()));
    }

    @Test
    void whatItNamesIsServedToo() throws Exception {
        assertThat(named(LINK, SOURCES.resolve("index.html")))
                .hasSizeGreaterThan(3)
                .allSatisfy(link -> assertThat(files).containsKey("/" + link));
        for (Path file : sources()) {
            assertThat(named(IMPORT, file)).as(file.toString()).allSatisfy(module -> assertThat(files)
                    .containsKey("/console/" + module));
        }
    }

    private static List<String> named(Pattern pattern, Path file) throws Exception {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void nothingInItNeedsALaxerPolicy() throws Exception {
        String page = Files.readString(SOURCES.resolve("index.html"));

        assertThat(page).doesNotContainPattern("<style|style=|\\son[a-z]+=|javascript:|<script>|https?://");
        for (Path file : sources()) {
            assertThat(Files.readString(file))
                    .as(file.toString())
                    .doesNotContainPattern("innerHTML|insertAdjacentHTML|eval\\(|https?://|setAttribute\\(\"style");
        }
    }
}
