package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files that browsers get: of the page, and of the client that other pages use, too. */
class PageRoutesTest {

    private static final Pattern IMPORT = Pattern.compile("(?:from |import\\()\"(\\.[^\"]+)\"");

    private final Map<String, Resource> files = PageRoutes.resources();

    private HttpResponse answer(String path, String... ifNoneMatch) throws Exception {
        HttpRequest request = HttpRequest.of("GET", path);
        for (String tags : ifNoneMatch) {
            request = request.with("If-None-Match", tags);
        }
        Resource file = Objects.requireNonNull(files.get(path), path + " is not served");
        var call = new Call(request, Target.parse("GET", path), RoomyRoutes.CALLER);
        return ((Reply.Whole) file.answer(call).toCompletableFuture().join()).head();
    }

    @Test
    void whatAModuleImportsIsServedToo() throws Exception {
        List<String> modules =
                files.keySet().stream().filter(path -> path.endsWith(".js")).toList();
        int imports = 0;
        for (String path : modules) {
            Path directory = Objects.requireNonNull(Path.of(path).getParent());
            List<String> imported = IMPORT.matcher(answer(path).body().utf8String())
                    .results()
                    .map((MatchResult each) ->
                            directory.resolve(each.group(1)).normalize().toString())
                    .toList();
            assertThat(files.keySet()).as(path).containsAll(imported);
            imports += imported.size();
        }
        assertThat(imports).as("imports of %s", modules).isGreaterThan(modules.size());
    }

    @Test
    void everyFileOfThePageIsServedAndItsPolicyLetsThePageLoadNothingElse() throws Exception {
        List<Path> own;
        try (var found = Files.list(Path.of("src/main/resources/io/tidegate/http/page"))) {
            own = found.filter(file -> !file.endsWith("index.html")).toList();
        }
        assertThat(own).hasSizeGreaterThan(20);
        for (Path file : own) {
            HttpResponse response = answer("/page/" + file.getFileName());
            assertThat(response.body().utf8String()).isEqualTo(Files.readString(file));
            assertThat(response.first("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'")
                    .doesNotContain("unsafe", "http:", "https:", "data:");
        }
        // What the policy would refuse in silence.
        assertThat(answer("/").body().utf8String()).doesNotContain("style=", "<style", "onclick", "<script>", "//");
    }

    @Test
    void everyModuleOfTheClientIsServedAsAScript() throws Exception {
        Path sources = Path.of("src/main/js");
        List<Path> modules;
        try (var found = Files.walk(sources)) {
            modules = found.filter(file -> file.toString().endsWith(".js")).toList();
        }

        assertThat(modules).hasSizeGreaterThan(5);
        for (Path module : modules) {
            HttpResponse response = answer("/" + sources.relativize(module));
            assertThat(response.type()).isEqualTo("text/javascript; charset=UTF-8");
            assertThat(response.first("Content-Security-Policy")).isPresent();
            assertThat(response.body().utf8String())
                    .as("without comments and indentation")
                    .doesNotContain("/*", "\n *", "\n ", "\n\n", "\n//")
                    .contains("export");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TAG | 304",
                "W/TAG | 304",
                "\"old\", TAG | 304",
                "* | 304",
                "\"old\" | 200",
                "'' | 200",
            })
    void whoHasAFileAlreadyIsNotSentItAgain(String tags, int status) throws Exception {
        String tag = answer("/client.js").first("ETag").orElseThrow();

        HttpResponse response = answer("/client.js", tags.replace("TAG", tag));

        assertThat(response.status().code()).isEqualTo(status);
        assertThat(response.first("ETag")).contains(tag);
        assertThat(response.body().isEmpty()).isEqualTo(status == 304);
    }

    @Test
    void filesThatDifferHaveDifferentTags() throws Exception {
        assertThat(answer("/client.js").first("ETag"))
                .isNotEqualTo(answer("/page/page.js").first("ETag"));
    }
}
