package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.access.Grant;
import io.tidegate.access.Token;
import io.tidegate.access.TokensFile;
import io.tidegate.server.LineClient;
import io.tidegate.tls.TestCertificates;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody looks through a feed in a browser, whatever its size, and changes what is in it. */
@Timeout(600)
class ExplorerJourney {

    private static final int DOCUMENTS = 20_000;
    private static final String LIVE = "document.getElementById('state').dataset.state === 'live'";

    @TempDir
    Path directory;

    @TempDir
    Path profile;

    private int port;

    @BeforeEach
    void needsABrowser() throws Exception {
        assumeTrue(Browser.program().isPresent(), "no Chromium is installed here: the page is not tested");
        port = ServerCommand.stablePort(new Random());
    }

    private ServerCommand server() {
        return ServerCommand.in(directory.resolve("data")).with("http.port", port);
    }

    private Browser openAt(ServerProcess server, String scheme) throws Exception {
        var unused = server.awaitAddress();
        Browser browser = Browser.open(Browser.program().orElseThrow(), profile, URI.create("about:blank"));
        browser.watchRequests();
        browser.show(1280, 800, false);
        browser.go(URI.create(scheme + "://localhost:" + port + "/"));
        return browser;
    }

    @Test
    void whatIsInTheFeedIsFoundPageByPageReadChangedAndDeleted() throws Exception {
        try (ServerProcess server = server().start();
                Browser browser = openAt(server, "http");
                LineClient other = new LineClient(server.awaitAddress())) {
            saysWhatToDoNext(browser);
            publish(numbers());
            publish(earthquakes());
            browser.await(shows("collections", "20,000") + " && " + shows("collections", "earthquakes"));
            turnsPages(browser, other);
            showsWhatIsTyped(browser);
            readsByTheKeyboard(browser);
            changesWhatNobodyElseHasChanged(browser, other);
            deletesAndMakes(browser);
            isForAllWindowsAndTastes(browser);
            assertThat(browser.requests())
                    .as("URLs that were asked for")
                    .hasSizeGreaterThan(30)
                    .allMatch(url -> url.startsWith("http://localhost:" + port + "/"));
            assertThat(browser.complaints())
                    .as("but for the refusals that were wanted")
                    .allMatch(complaint -> complaint.contains("status of 4"));
        }
    }

    // ---- nothing there yet

    private void saysWhatToDoNext(Browser browser) throws Exception {
        browser.await(LIVE + " && " + isVisible("empty"));
        assertThat(browser.evaluate("document.getElementById('command').textContent"))
                .contains("curl -X PUT", " 'http://localhost:" + port + "/v1/documents/orders/o-17'");
    }

    private static String numbers() {
        return IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> "{\"collection\":\"numbers\",\"key\":\"n-%05d\",\"value\":{\"n\":%d,\"odd\":%b}}\n"
                        .formatted(i, i, i % 2 == 1))
                .collect(Collectors.joining());
    }

    private static String earthquakes() throws Exception {
        return Files.readAllLines(Path.of("docs/sample/earthquakes.ndjson")).stream()
                .map(line -> "{\"collection\":\"earthquakes\",\"key\":\""
                        + line.replaceAll(".*\"id\":\"([^\"]*)\"\\}$", "$1") + "\",\"value\":" + line + "}\n")
                .collect(Collectors.joining());
    }

    private void publish(String changes) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/updates"))
                                .header("Content-Type", "application/x-ndjson")
                                .POST(BodyPublishers.ofString(changes))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    // ---- pages

    private static void turnsPages(Browser browser, LineClient other) throws Exception {
        browser.evaluate(click("#collections [title=numbers]"));
        browser.await(rows("n-00000", "n-00099") + " && " + shows("total", "20,000"));
        browser.evaluate(click("#next"));
        browser.await(rows("n-00100", "n-00199") + " && " + shows("page-number", "Page 2"));
        browser.evaluate("document.querySelector('#documents button').focus() + ''");
        browser.press("PageDown");
        browser.await(rows("n-00200", "n-00299") + " && document.activeElement.textContent === 'n-00200'");
        browser.press("PageUp", "End");
        browser.await(rows("n-00100", "n-00199") + " && document.activeElement.textContent !== 'n-00200'");

        browser.evaluate(type("search", "n-199", "input"));
        browser.await(rows("n-19900", "n-19999") + " && !" + isVisible("pager"));
        other.send("put numbers n-19900 {\"changed\":true}");
        other.send("delete numbers n-19999");
        other.send("put numbers n-19950x 1");
        browser.await(shows("documents", "\"changed\":true") + " && " + rows("n-19900", "n-19998"));
        browser.await("document.querySelectorAll('#documents tr')[51].textContent.startsWith('n-19950x')");
        browser.await(shows("updates", "numbers/n-19999 deleted") + " && " + shows("collections", "20,000"));
    }

    /** Which rows are the first and the last. */
    private static String rows(String first, String last) {
        return "((rows) => rows.length === 100 && rows[0].textContent === '%s' && rows[99].textContent === '%s')"
                        .formatted(first, last)
                + "([...document.querySelectorAll('#documents button')])";
    }

    private static void showsWhatIsTyped(Browser browser) throws Exception {
        browser.evaluate(type("select", "earthquakes/us2* numbers/n-00007", "change"));
        browser.await("location.hash === '#select=earthquakes%2Fus2*&select=numbers%2Fn-00007'");
        browser.await(LIVE + " && document.querySelectorAll('#collections button').length === 2");
        browser.await(
                "[...document.querySelectorAll('#documents button')].length === 12"
                        + " && [...document.querySelectorAll('#documents button')].every((key) => /^us2/.test(key.textContent))");
        browser.evaluate(type("find", "NUM", "input"));
        browser.evaluate(click("#collections button"));
        browser.await("document.querySelectorAll('#documents tr').length === 1 && " + shows("documents", "n-00007"));
        browser.evaluate(type("find", "", "input"));
        browser.evaluate(type("select", "", "change"));
        browser.await(LIVE + " && " + shows("documents-title", "earthquakes") + " && " + isVisible("pager"));
    }

    // ---- one document

    private static void readsByTheKeyboard(Browser browser) throws Exception {
        browser.evaluate("document.body.focus() + ''");
        browser.press("/");
        browser.await("document.activeElement.id === 'search'");
        browser.press("Tab");
        browser.await(
                "document.activeElement.closest('#documents') && document.activeElement.matches(':focus-visible')");
        browser.press("ArrowDown", "ArrowDown", "ArrowUp", "Enter");
        browser.await(isVisible("whole") + " && " + shows("whole-text", "magType"));
        assertThat(browser.evaluate("document.getElementById('whole-title').textContent"))
                .isEqualTo("earthquakes/"
                        + browser.evaluate("document.querySelectorAll('#documents button')[1].textContent"));
        browser.await(
                "/^[a-z0-9]{8}:[0-9]+ · [0-9,]+ updates ago/.test(document.getElementById('whole-facts').textContent)");
        browser.await("document.querySelectorAll('#history li').length === 1");
        browser.press("Tab", "ArrowDown", "ArrowLeft");
        browser.await("document.querySelectorAll('#whole-text details:not([open])').length === 1");
        browser.press("ArrowRight");
        browser.await("document.querySelectorAll('#whole-text details:not([open])').length === 0");
        browser.press("Escape");
        browser.await("!" + isVisible("whole") + " && document.activeElement.closest('#documents')");
    }

    private static void changesWhatNobodyElseHasChanged(Browser browser, LineClient other) throws Exception {
        other.send("put numbers precise {\"big\":9007199254740993,\"x\":1.10}");
        browser.evaluate(click("#collections [title=numbers]"));
        browser.evaluate(type("search", "precise", "input"));
        browser.await(shows("documents", "9007199254740993"));
        browser.evaluate(click("#documents button"));
        browser.await(isVisible("tools") + " && " + shows("whole-facts", "the newest update"));
        browser.evaluate(click("#change"));
        browser.await(
                "document.getElementById('draft-text').value === '{\\n  \"big\": 9007199254740993,\\n  \"x\": 1.10\\n}'");

        browser.evaluate(type("draft-text", "{\"big\":", "input") + ", " + click("#save"));
        browser.await(shows("whole-note", "not JSON at character 8: it ends too early"));
        browser.evaluate(type("draft-text", "{\\n \"big\": 9007199254740995 }", "input") + ", " + click("#save"));
        browser.await(shows("whole-note", "Saved.") + " && " + shows("documents", "{\"big\":9007199254740995}"));
        browser.await("document.querySelectorAll('#history li').length === 2 && " + isVisible("tools"));

        browser.evaluate(click("#change") + ", " + type("draft-text", "\"mine\"", "input"));
        other.send("put numbers precise \"another's\"");
        browser.await(shows("whole-note", "Somebody has changed it meanwhile"));
        browser.evaluate(click("#save"));
        browser.await(shows("whole-note", "put yours in its place") + " && " + shows("whole-text", "another"));
        browser.await(shows("documents", "another"));
        browser.press("Escape");
        browser.await(isVisible("draft") + " && " + shows("whole-note", "Esc once more"));
        browser.evaluate(click("#save"));
        browser.await(shows("whole-note", "Saved.") + " && " + shows("documents", "mine"));
    }

    private static void deletesAndMakes(Browser browser) throws Exception {
        browser.evaluate(click("#delete"));
        browser.await(isVisible("sure") + " && document.activeElement.id === 'keep'");
        browser.evaluate(click("#delete-it"));
        browser.await(shows("whole-note", "Deleted.") + " && document.querySelectorAll('#documents tr').length === 0");
        browser.press("Escape");
        browser.await("!" + isVisible("whole"));

        browser.evaluate(click("#make"));
        browser.await("document.activeElement.id === 'draft-key'");
        browser.evaluate(type("draft-key", "precise/ä b*", "input") + ", " + type("draft-text", "[1,{}]", "input")
                + ", " + click("#save"));
        browser.await(shows("whole-note", "Made.") + " && " + shows("documents", "precise/ä b*"));
        browser.await("document.getElementById('whole-title').textContent === 'numbers/precise/ä b*'");
        browser.press("Escape");
        browser.evaluate(click("#make") + ", " + type("draft-key", "n-00001", "input") + ", " + click("#save"));
        browser.await(shows("whole-note", "There is such a document already"));
        browser.evaluate(click("#discard"));
        browser.await("!" + isVisible("whole"));
        browser.evaluate(type("search", "", "input"));
        browser.evaluate(click("#collections [title=earthquakes]"));
        browser.await(shows("total", "1,707"));
    }

    // ---- how it looks

    private void isForAllWindowsAndTastes(Browser browser) throws Exception {
        if (Pictures.ARE_WANTED) {
            liven();
        }
        for (boolean isDark : new boolean[] {false, true}) {
            for (int width : new int[] {360, 1280}) {
                browser.show(width, 800, isDark);
                requireLegible(browser, width, isDark, "the table");
                // The list may still be on its way.
                browser.await("(button => button !== null && (button.click(), true))"
                        + "(document.querySelector('#documents button'))");
                browser.await(isVisible("tools") + " && document.querySelectorAll('#history li').length > 0");
                requireLegible(browser, width, isDark, "a document");
                if (isDark && width > 360) {
                    Pictures.take(browser, "dark");
                }
                browser.evaluate(click("#change"));
                requireLegible(browser, width, isDark, "a draft");
                browser.evaluate(click("#whole-close"));
                browser.await("!" + isVisible("whole"));
                if (!isDark) {
                    Pictures.take(browser, width > 360 ? "light" : "phone");
                }
            }
        }
        browser.show(1280, 800, false);
    }

    private static void requireLegible(Browser browser, int width, boolean isDark, String what) throws Exception {
        String where = what + " at " + width + " px, " + (isDark ? "dark" : "light");
        assertThat(browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth + ''"))
                .as("what is beyond the side of %s", where)
                .isEqualTo("0");
        assertThat(browser.evaluate(Legibility.FAINT))
                .as("too little contrast in %s", where)
                .isEmpty();
    }

    /** Those that the documents show, where they are wanted: -Djourney.pictures=docs/pictures. */
    private static final class Pictures {

        private static final String DIRECTORY = System.getProperty("journey.pictures", "");
        static final boolean ARE_WANTED = !DIRECTORY.isEmpty();
        static final int SECONDS = 190;

        static void take(Browser browser, String name) throws Exception {
            if (ARE_WANTED) {
                browser.evaluate("document.activeElement.blur() + ''");
                Picture.of(browser.picture()).write(Path.of(DIRECTORY, "explorer-" + name + ".png"));
            }
        }
    }

    /** The strong ones and the felt ones in collections of their own, and some of all come again and again for a while. */
    private void liven() throws Exception {
        List<String> all = earthquakes().lines().toList();
        publish(again(all.stream().filter(line -> line.matches(".*\"mag\":[4-9].*")), "strong"));
        publish(again(all.stream().filter(line -> line.matches(".*\"felt\":\\d.*")), "felt"));
        publish(again(all.stream().filter(line -> line.contains("\"tsunami\":1")), "tsunami"));
        liven(all, Pictures.SECONDS);
        var unused = Background.start("earthquakes", () -> {
            liven(all, Pictures.SECONDS);
            return all;
        });
    }

    private void liven(List<String> all, int seconds) throws Exception {
        var random = new Random(seconds);
        for (int second = 0; second < seconds; second++) {
            long count = Math.round(14 + 9 * Math.sin(second / 9.0) + 5 * random.nextGaussian());
            publish(again(random.ints(Math.max(1, count), 0, all.size()).mapToObj(all::get), "earthquakes"));
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static String again(Stream<String> changes, String collection) {
        return changes.map(line -> line.replaceFirst("earthquakes", collection) + "\n")
                .collect(Collectors.joining());
    }

    // ---- rights

    @Test
    void whoMayNotChangeIsToldSoAndOverTlsAChangeTakesTheTokenItself() throws Exception {
        String reader = Token.random();
        String writer = Token.random();
        Path tokens = directory.resolve("tokens");
        new TokensFile(tokens).add(token("reader", reader, List.of()), false);
        new TokensFile(tokens).add(token("writer", writer, List.of("orders")), false);
        var files =
                TestCertificates.authority("Root").server("localhost").issue().write(directory, "own");
        ServerCommand command = server().with("access.tokens-file", tokens)
                .with("http.tls.certificates.0.chain", files.chain())
                .with("http.tls.certificates.0.key", files.key());
        try (ServerProcess server = command.start();
                Browser browser = openAt(server, "https");
                LineClient other = new LineClient(server.awaitAddress())) {
            other.send("auth " + writer, "put orders o-17 {\"qty\":5}");
            browser.await(isVisible("sign-in"));
            browser.evaluate(type("token", reader, "input") + ", " + submit("sign-in"));
            browser.await(LIVE + " && " + shows("documents", "o-17"));
            browser.evaluate(click("#documents button"));
            browser.await(isVisible("tools"));
            browser.evaluate(
                    click("#change") + ", " + type("draft-text", "{\"qty\":6}", "input") + ", " + click("#save"));
            browser.await(shows("whole-note", "your identity may not do that"));

            browser.evaluate("document.body.id = 'old', location.reload(), 'reloading'");
            browser.await("document.body.id !== 'old' && " + LIVE + " && " + shows("documents", "o-17"));
            browser.evaluate(click("#documents button"));
            browser.await(isVisible("tools"));
            browser.evaluate(
                    click("#change") + ", " + type("draft-text", "{\"qty\":6}", "input") + ", " + click("#save"));
            browser.await(isVisible("proof") + " && document.activeElement.id === 'proof-token'");
            browser.evaluate(type("proof-token", "tg_nobody", "input") + ", " + submit("proof"));
            browser.await(shows("proof-note", "nobody is known"));
            browser.evaluate(type("proof-token", writer, "input") + ", " + submit("proof"));
            browser.await(shows("whole-note", "Saved.") + " && " + shows("documents", "{\"qty\":6}"));
        }
    }

    private static Token token(String name, String secret, List<String> write) {
        return Token.of(name, secret, new Grant(List.of("orders"), write, false), null, Instant.EPOCH);
    }

    // ---- what is done in the page, and seen there

    private static String click(String selector) {
        return "document.querySelector('" + selector + "').click() + ''";
    }

    private static String submit(String form) {
        return "document.getElementById('" + form + "').requestSubmit() + ''";
    }

    private static String type(String field, String text, String event) {
        return "((document.getElementById('%s').value = '%s'), document.getElementById('%s').dispatchEvent(new Event('%s')) + '')"
                .formatted(field, text, field, event);
    }

    private static String isVisible(String element) {
        return "document.getElementById('" + element + "').checkVisibility()";
    }

    private static String shows(String element, String text) {
        return "document.getElementById('" + element + "').innerText.includes('" + text + "')";
    }
}
