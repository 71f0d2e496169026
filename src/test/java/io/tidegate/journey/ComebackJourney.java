package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A browser follows through a proxy that answers 502 while the server restarts: our page, and what the README shows. */
@Timeout(600)
class ComebackJourney {

    private static final int SECONDS = 30;

    /** Each answer to a follower; the last one stays open. */
    private static final String DOCUMENT =
            """
            {"event":"document","collection":"c","key":"k","value":{"b":9007199254740993,"2":1.10,"1":[1e400,-0.0],"b":"\\",\\"value\\":1"}}
            """;

    private static final String SNAPSHOT =
            """
            retry: 1

            data: {"event":"document","collection":"c","key":"k","value":1}

            id: e:7
            data: {"event":"synced","epoch":"e","seq":7,"documents":1}

            """;

    private static final String UPDATE =
            """
            id: e:9
            data: {"event":"put","seq":9,"collection":"c","key":"l","value":"back"}

            """;

    private static final String CAUGHT_UP =
            """
            id: e:8
            data: {"event":"subscribed","epoch":"e","seq":8}

            id: e:8
            data: {"event":"caughtup","epoch":"e","seq":8}

            """;

    private static final String GOODBYE =
            """
            id: e:8
            retry: 1
            data: {"event":"goodbye","reason":"shutdown","epoch":"e","seq":8,"reconnectAfterMs":1,"comeBack":"as-is"}

            """;

    private static final String DATA = "data: ";

    @TempDir
    Path profile;

    /** What is longer than a row. */
    private static final String LONG = "\"" + "x".repeat(2_000) + "\"";

    /** What the server has, as lines. */
    private volatile String documents = DOCUMENT;

    private final BlockingQueue<HttpExchange> asked = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @SuppressWarnings("NullAway.Init")
    private HttpServer proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.setExecutor(threads);
        proxy.createContext("/", this::file);
        proxy.createContext("/v1/follow", asked::add);
        proxy.createContext("/v1/updates", asked::add);
        proxy.createContext("/v1/documents/c/k", exchange -> answer(exchange, 200, "application/json", LONG + "\n"));
        proxy.createContext("/v1/documents", exchange -> answer(exchange, 200, "application/x-ndjson", documents));
        proxy.createContext(
                "/v1/collections",
                exchange -> answer(
                        exchange, 200, "application/json", "[{\"collection\":\"c\",\"documents\":1,\"bytes\":9}]"));
        proxy.start();
    }

    @AfterEach
    void stop() {
        proxy.stop(0);
        threads.shutdownNow();
    }

    private Browser open() throws Exception {
        Optional<Path> program = Browser.program();
        assumeTrue(program.isPresent(), "no Chromium is installed here: nothing comes back");
        return Browser.open(
                program.get(),
                profile,
                URI.create("http://127.0.0.1:" + proxy.getAddress().getPort() + "/"));
    }

    /** The files of our page. */
    private void file(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(1);
        String name = path.isEmpty() ? "page/index.html" : path.startsWith("client") ? "js/" + path : path;
        try (InputStream file = io.tidegate.http.FeedRoutes.class.getResourceAsStream(name)) {
            String type = name.endsWith(".js") ? "text/javascript" : name.endsWith(".css") ? "text/css" : "text/html";
            answer(
                    exchange,
                    file == null ? 404 : 200,
                    type,
                    file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** The next time that somebody wants to follow. */
    private HttpExchange follower() throws InterruptedException {
        HttpExchange next = asked.poll(SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nobody came back within " + SECONDS + " s");
        }
        return next;
    }

    /** Sends events and leaves the stream open. */
    private static HttpExchange stream(HttpExchange exchange, String events) throws IOException {
        boolean asLines = isOfLines(exchange);
        exchange.getResponseHeaders().set("Content-Type", asLines ? "application/x-ndjson" : "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        return more(exchange, events);
    }

    /** Sends more events, in the form that was asked for. */
    private static HttpExchange more(HttpExchange exchange, String events) throws IOException {
        String form = isOfLines(exchange)
                ? events.lines()
                        .filter(line -> line.startsWith(DATA))
                        .map(line -> line.substring(DATA.length()) + "\n")
                        .collect(Collectors.joining())
                : events;
        exchange.getResponseBody().write(form.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        return exchange;
    }

    private static boolean isOfLines(HttpExchange exchange) {
        return "application/x-ndjson".equals(exchange.getRequestHeaders().getFirst("Accept"));
    }

    private static void badGateway(HttpExchange exchange) throws IOException {
        answer(exchange, 502, "text/html", "<h1>502 Bad Gateway</h1>");
    }

    private static @Nullable String query(HttpExchange exchange) {
        return exchange.getRequestURI().getRawQuery();
    }

    @Test
    void thePageShowsValuesAsTheyAreAndSurvivesTheProxys502() throws Exception {
        try (Browser browser = open()) {
            HttpExchange first = stream(follower(), CAUGHT_UP);
            browser.await("document.getElementById('state').dataset.state === 'live'");
            browser.await("document.getElementById('documents').innerText.includes('{\"b\":9007199254740993,\"2\":1.10,"
                    + "\"1\":[1e400,-0.0],\"b\":\"\\\\\",\\\\\"value\\\\\":1\"}')");
            more(first, GOODBYE).close();

            long goneAt = System.nanoTime();
            int tries = 4;
            for (int i = 0; i < tries; i++) {
                HttpExchange comeback = follower();
                assertThat(query(comeback)).isEqualTo("after=e%3A8");
                badGateway(comeback);
            }
            browser.await("document.getElementById('state').innerText.includes('next try')");
            HttpExchange last = stream(follower(), CAUGHT_UP + UPDATE);
            assertThat(System.nanoTime() - goneAt)
                    .as("never more than two tries a second")
                    .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(500L * tries));
            browser.await("document.getElementById('state').dataset.state === 'live'");
            browser.await("document.getElementById('updates').innerText.includes('c/l \"back\"')");
            last.close();
        }
    }

    @Test
    void aDocumentIsOpenedWholeHoweverLittleOfItIsInItsRow() throws Exception {
        documents = "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"k\",\"value\":" + LONG + "}\n";
        try (Browser browser = open()) {
            HttpExchange first = stream(follower(), CAUGHT_UP);
            browser.await("document.querySelectorAll('#documents button').length === 1");
            assertThat(browser.evaluate("document.querySelector('#documents td:last-child').textContent.length + ''"))
                    .isEqualTo("301");

            browser.evaluate("document.querySelector('#documents button').click() + ''");
            browser.await("document.getElementById('whole').open");
            browser.await("document.getElementById('whole-text').textContent === '" + LONG + "'");
            browser.evaluate("document.getElementById('whole-close').click() + ''");
            browser.await("!document.getElementById('whole').open");
            first.close();
        }
    }

    @Test
    void whatTheReadmeShowsSurvivesTheProxys502() throws Exception {
        Matcher script = Pattern.compile("```js\\n([^`]*?EventSource[^`]*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("README.md")));
        assertThat(script.find()).isTrue();
        try (Browser browser = open()) {
            // The page itself follows, too: it is not what is looked at here.
            follower();
            browser.evaluate("((window.told = []), (console.log = (event) => told.push(event)), 'listening')");
            browser.evaluate("(() => {" + script.group(1) + "})() + ''");
            stream(follower(), SNAPSHOT).close();

            // The browser's own way of coming back, which ends here.
            HttpExchange again = follower();
            assertThat(again.getRequestHeaders().getFirst("Last-Event-ID")).isEqualTo("e:7");
            badGateway(again);
            for (int i = 0; i < 2; i++) {
                HttpExchange anew = follower();
                assertThat(query(anew)).isEqualTo("after=e%3A7");
                badGateway(anew);
            }
            HttpExchange last = stream(follower(), UPDATE);
            browser.await("told.length === 3 && told[2].value === 'back'");
            last.close();
        }
    }
}
