package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.Await;
import io.tidegate.NodeJs;
import io.tidegate.server.LineClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Live maps, and a writer, of the client for JavaScript, in Node and in a browser, over connections that are cut, or go dead. */
@Timeout(3600)
class JavaScriptJourney {

    private static final int ROUNDS = Length.of(3, 50);
    private static final int CUTS_IN_A_ROUND = Length.of(30, 200);

    /** As many as come in half an hour at ten a second. */
    private static final int UPDATES_OF_HALF_AN_HOUR = 18_000;

    private static final List<String> COLLECTIONS = List.of("orders/", "rates/eu-", "rates/us-", "desks/");
    private static final int KEYS = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path directory;

    private final Random random = seed.random();
    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private ServerProcess server;

    @SuppressWarnings("NullAway.Init")
    private FaultProxy proxy;

    @SuppressWarnings("NullAway.Init")
    private LineClient publisher;

    // The position of the last change that was accepted, and how many there were of what is watched all the time.
    private long head;
    private int orders;
    private int europeanRates;

    @BeforeEach
    void start() throws Exception {
        server = ServerCommand.in(directory.resolve("data"))
                .with("store.durability", "os")
                .start();
        publisher = new LineClient(server.awaitAddress());
        proxy = FaultProxy.before(server.awaitHttpAddress(), new Random(random.nextLong()));
    }

    @AfterEach
    void stop() throws Exception {
        if (publisher != null) {
            publisher.close();
            proxy.close();
            server.close();
        }
    }

    /** Where live maps are. */
    private interface Witness extends AutoCloseable {

        /** Has it do something; what it says is the answer. */
        String asked(String verb, long... number) throws Exception;

        @Override
        void close() throws IOException;
    }

    private static final class InNode implements Witness {

        private final Process process;
        private final PrintStream input;
        private final BufferedReader output;

        InNode(Path program, int port) throws IOException {
            process = NodeJs.command(program, List.of("src/test/js/follower.mjs", "http://127.0.0.1:" + port))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
            output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        @Override
        public String asked(String verb, long... number) throws Exception {
            input.println(number.length == 0 ? verb : verb + " " + number[0]);
            CompletableFuture<@Nullable String> answer = Background.start("answer of Node", output::readLine);
            return String.valueOf(Background.await(answer, "the answer of Node to " + verb));
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static final class InBrowser implements Witness {

        private final Browser browser;

        /** On a page that follows nothing itself. */
        InBrowser(Path program, Path profile, int port) throws Exception {
            browser = Browser.open(program, profile, URI.create("http://127.0.0.1:" + port + "/openapi.json"));
            String witness =
                    Files.readString(Path.of("src/test/js/witness.mjs")).replace("export function", "function");
            browser.evaluate(
                    """
                    (async () => {
                      const { tidegate } = await import(location.origin + "/client.js");
                      %s
                      window.witness = witnessOf(tidegate, location.origin);
                      return "there";
                    })()
                    """
                            .formatted(witness));
        }

        @Override
        public String asked(String verb, long... number) throws Exception {
            return browser.evaluate("witness." + verb + "(" + (number.length == 0 ? "" : number[0]) + ")");
        }

        @Override
        public void close() {
            browser.close();
        }
    }

    private Witness inNode() throws Exception {
        Optional<Path> program = NodeJs.program();
        assumeTrue(program.isPresent(), "no Node is installed here: nothing follows in it");
        return new InNode(program.get(), proxy.port());
    }

    private InBrowser inBrowser() throws Exception {
        Optional<Path> program = Browser.program();
        assumeTrue(program.isPresent(), "no Chromium is installed here: nothing follows in it");
        return new InBrowser(program.get(), Files.createDirectory(directory.resolve("profile")), proxy.port());
    }

    // ---- cuts

    @Test
    void inNodeTheMapsAreTheServersAfterCutsAtAnyByte() throws Exception {
        try (Witness witness = inNode()) {
            survivesCuts(witness);
        }
    }

    @Test
    void inABrowserTheMapsAreTheServersAfterCutsAtAnyByte() throws Exception {
        try (Witness witness = inBrowser()) {
            survivesCuts(witness);
        }
    }

    private void survivesCuts(Witness witness) throws Exception {
        publish(200);
        orders = 0;
        europeanRates = 0;
        assertThat(witness.asked("begin")).isEqualTo("following");
        for (int round = 0; round < ROUNDS; round++) {
            witness.asked("stir");
            int cutsBefore = proxy.cuts();
            proxy.cut(CUTS_IN_A_ROUND);
            while (proxy.cuts() < cutsBefore + CUTS_IN_A_ROUND) {
                publish(5);
            }
            JsonNode seen = JSON.readTree(witness.asked("at", head));
            isTheServers(seen, "in round " + round);
            assertThat(seen.path("opened").asInt()).as("maps came and went").isGreaterThan(2);
        }
        assertThat(proxy.cuts()).isEqualTo(ROUNDS * CUTS_IN_A_ROUND);
    }

    /** Compares what the maps have with what the server has, and what they were told with what there was to tell. */
    private void isTheServers(JsonNode seen, String when) throws IOException {
        for (Map.Entry<String, JsonNode> map : seen.path("maps").properties()) {
            assertThat(map.getValue()).as("%s %s", map.getKey(), when).isEqualTo(documents(map.getKey()));
        }
        assertThat(seen.path("duplicates").asInt()).as("duplicates %s", when).isZero();
        assertThat(seen.path("reorders").asInt()).as("reorders %s", when).isZero();
        assertThat(seen.path("anew").asInt()).as("told anew %s", when).isZero();
        assertThat(seen.path("applied").path("orders").asInt())
                .as("updates %s", when)
                .isEqualTo(orders);
        assertThat(seen.path("applied").path("rates/eu-*").asInt())
                .as("updates %s", when)
                .isEqualTo(europeanRates);
    }

    /** What the server has of a selection, by name. */
    private JsonNode documents(String selector) throws IOException {
        ObjectNode documents = JSON.createObjectNode();
        publisher.send("sync " + selector);
        while (true) {
            JsonNode event = JSON.readTree(publisher.line());
            if (event.path("event").asText().equals("synced")) {
                return documents;
            }
            if (event.path("event").asText().equals("document")) {
                documents.set(
                        event.path("collection").asText() + "/"
                                + event.path("key").asText(),
                        event.path("value"));
            }
        }
    }

    /** Changes documents, each time to something else, and waits until all of that is accepted. */
    private void publish(int changes) throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < changes; i++) {
            String start = COLLECTIONS.get(random.nextInt(COLLECTIONS.size()));
            String name = start.replace('/', ' ') + random.nextInt(KEYS);
            orders += start.equals("orders/") ? 1 : 0;
            europeanRates += start.equals("rates/eu-") ? 1 : 0;
            lines.append(
                    random.nextInt(4) == 0
                            ? "delete " + name + "\n"
                            : "put " + name + " {\"n\":" + random.nextInt() + ",\"of\":\"€\"}\n");
        }
        publisher.sendRaw(lines.toString().getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < changes; i++) {
            JsonNode answer = JSON.readTree(publisher.line());
            assertThat(answer.path("event").asText()).isEqualTo("accepted");
            head = answer.path("seq").asLong();
        }
    }

    // ---- in a page

    @Test
    void aHundredLiveMapsOfAPageShareOneConnection() throws Exception {
        publish(100);
        try (Witness witness = inBrowser()) {
            assertThat(witness.asked("begin")).isEqualTo("following");
            assertThat(witness.asked("many", 100)).isEqualTo("100");

            // That of the first maps, whose place the other one took, has gone.
            Await.until(this::isFollowedOnce);
            publish(100);
            JsonNode seen = JSON.readTree(witness.asked("at", head));
            assertThat(seen.path("maps")).hasSize(102);
            for (Map.Entry<String, JsonNode> map : seen.path("maps").properties()) {
                assertThat(map.getValue()).as(map.getKey()).isEqualTo(documents(map.getKey()));
            }
            assertThat(isFollowedOnce()).isTrue();
        }
    }

    /** Whether one connection follows, as the server sees it. */
    private boolean isFollowedOnce() {
        try {
            int port = server.awaitAdminAddress().getPort();
            var request = java.net.http.HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + port + "/v1/connections"))
                    .build();
            String connections = http.send(request, java.net.http.HttpResponse.BodyHandlers.ofString())
                    .body();
            return connections.split("\"transport\":\"lines\"", -1).length == 2;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAWriterIsNotAnsweredIsSentAgainAndTakesEffectOnce() throws Exception {
        try (InBrowser witness = inBrowser()) {
            String first = witness.browser.evaluate(
                    """
                    (async () => {
                      const { tidegate } = await import(location.origin + "/client.js");
                      window.writer = tidegate(location.origin, { writer: true, silence: 1_000, backoff: () => 10 });
                      return String((await writer.put("orders/first", 0)).seq);
                    })()
                    """);

            proxy.mute();
            String others = witness.browser.evaluate(
                    """
                    Promise.all(Array.from({ length: 200 }, (_, i) => writer.put(`orders/${i % 20}`, i)))
                      .then((outcomes) => outcomes.map(({ seq }) => seq).join())
                    """);

            assertThat(first).isEqualTo("1");
            assertThat(others)
                    .isEqualTo(IntStream.rangeClosed(2, 201)
                            .mapToObj(String::valueOf)
                            .collect(Collectors.joining(",")));
            assertThat(documents("orders").path("orders/19").asInt()).isEqualTo(199);
            publish(1);
            assertThat(head).as("changes, each of which counts once").isEqualTo(202);
        }
    }

    @Test
    void aTabThatWasFrozenForHalfAnHourGoesOnWhereItWas() throws Exception {
        publish(100);
        try (InBrowser witness = inBrowser()) {
            orders = 0;
            europeanRates = 0;
            assertThat(witness.asked("begin")).isEqualTo("following");

            witness.browser.freeze();
            for (int i = 0; i < UPDATES_OF_HALF_AN_HOUR / 100; i++) {
                publish(100);
                if (i == 50) {
                    // Nobody keeps a connection for half an hour to somebody who does not read.
                    proxy.cutAll();
                }
            }
            witness.browser.thaw();

            isTheServers(JSON.readTree(witness.asked("at", head)), "after the thaw");
        }
    }
}
