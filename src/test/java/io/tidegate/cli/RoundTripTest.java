package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.tidegate.client.FakeServer;
import io.tidegate.document.Change;
import io.tidegate.document.Json;
import io.tidegate.server.Tidegate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is exported is imported byte by byte, whatever the server takes; {@code -Dtidegate.seed=…} replays a failure. */
@Timeout(240)
class RoundTripTest {

    private static final int MOST_DEPTH = Json.MAX_DEPTH;
    private static final int LARGEST = 1 << 20;

    /** Where a decoder, an escape or a selector may stumble, and whole characters of 2 to 4 bytes. */
    private static final List<String> TEXT = List.of(
            "a", "Z", "0", "%", "%41", "*", "\\\\", "\\\"", "/", "'", "<", "=", "@", ",", ":", "é", "ß", "\u202e", "漢",
            "😀", "+", "&");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-0",
            "1.0",
            "1e400",
            "0.1000",
            "12345678901234567890123456789",
            "\"\"",
            "\"\\u0000\\ud83d\\ude00\\/\"",
            "\"\u2028 \u0085 \ufeff\"",
            "[ 1 ,\t2 ]",
            "{\"b\":1,\"a\":2,\"a\":{}}",
            "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"k\",\"value\":1}");

    private final long seed =
            Long.getLong("tidegate.seed", ThreadLocalRandom.current().nextLong(1_000_000));
    private final Random random = new Random(seed);

    @TempDir
    Path directory;

    private Tidegate start(String name) throws Exception {
        return Tidegate.start(ConfigFactory.parseString("tidegate.tcp.port = 0, tidegate.http.port = 0,"
                        + " tidegate.admin.port = 0, tidegate.store.durability = os")
                .withValue(
                        "tidegate.store.directory",
                        ConfigValueFactory.fromAnyRef(directory.resolve(name).toString())));
    }

    private String text(int most) {
        return IntStream.range(0, 1 + random.nextInt(most))
                .mapToObj(i -> TEXT.get(random.nextInt(TEXT.size())))
                .collect(Collectors.joining());
    }

    private String key() {
        String text = text(40).replace("\\\\", "\\").replace("\\\"", "\"");
        return random.nextInt(3) == 0 ? text + " " + text : text;
    }

    private String collection() {
        return text(4).replace("/", "-").replace("\\\\", "\\").replace("\\\"", "\"");
    }

    private String value() {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return "\"" + text(3000) + "\"";
        }
        return kind < 3 ? "{\"" + text(20) + "\" : [\"" + text(20) + "\"]}" : VALUES.get(random.nextInt(VALUES.size()));
    }

    private void fill(Tidegate server) {
        List<CompletableFuture<?>> all = new ArrayList<>();
        String longest = "\"".repeat(128);
        all.add(put(server, longest, "😀".repeat(512), "\"" + "x".repeat(LARGEST - 2) + "\""));
        all.add(put(server, longest, "\"".repeat(512), "\"" + "é".repeat(LARGEST / 2 - 1) + "\""));
        all.add(put(server, "deep", "k", "[".repeat(MOST_DEPTH) + "]".repeat(MOST_DEPTH)));
        for (int i = 0; i < 300; i++) {
            all.add(put(server, collection(), key(), value()));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    }

    private static CompletableFuture<?> put(Tidegate server, String collection, String key, String value) {
        return server.publish(Change.put(collection, key, value)).toCompletableFuture();
    }

    private static CommandRun run(Tidegate server, String input, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--port=" + server.tcpAddress().getPort());
        return CommandRun.withInput(input, all.toArray(String[]::new));
    }

    /** All documents of a server, and no position, which is its own. */
    private static List<String> documents(Tidegate server) {
        return run(server, "", "sync")
                .out()
                .lines()
                .filter(line -> line.startsWith("{\"event\":\"document\""))
                .toList();
    }

    @Test
    void whatIsExportedIsImportedByteByByte() throws Exception {
        Path file = directory.resolve("exported.ndjson");
        try (Tidegate one = start("one");
                Tidegate two = start("two");
                Tidegate three = start("three")) {
            fill(one);
            List<String> documents = documents(one);

            CommandRun exported = run(one, "", "export", file.toString());
            CommandRun imported = run(two, "", "import", file.toString());

            assertThat(exported.out())
                    .as("seed %s, %s", seed, exported.err())
                    .startsWith("exported " + documents.size() + " documents to ");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(imported.out())
                    .as("seed %s, %s", seed, imported.err())
                    .startsWith("imported " + documents.size() + " changes in ");
            assertThat(documents(two)).as("seed %s", seed).isEqualTo(documents);
            assertThat(posted(three, file)).contains("\"accepted\":" + documents.size());
            assertThat(documents(three)).as("seed %s", seed).isEqualTo(documents);
        }
    }

    private static String posted(Tidegate server, Path file) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + server.httpAddress().getPort() + "/v1/updates"))
                                .header("Content-Type", "application/x-ndjson")
                                .POST(BodyPublishers.ofFile(file))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    @Test
    void whatAStreamSaysIsImportedToo() throws Exception {
        String lines =
                """
                {"event":"subscribed","epoch":"k7","seq":1}
                {"event":"put","seq":2,"collection":"c","key":"a","value":1}
                {"event":"put","seq":3,"collection":"c","key":"b","value":2}
                {"event":"heartbeat","seq":3}
                {"event":"delete","seq":4,"collection":"c","key":"a"}
                {"id":"x-1","collection":"c","key":"d","value":{"n":3}}
                {"event":"goodbye","reason":"shutdown","epoch":"k7","seq":4,"reconnectAfterMs":0,"comeBack":"yes"}
                """;
        try (Tidegate server = start("one")) {
            assertThat(run(server, lines, "import", "-").out()).startsWith("imported 4 changes in ");
            assertThat(run(server, lines, "import", "-", "--skip", "4").out()).startsWith("imported 2 changes in ");

            assertThat(documents(server))
                    .containsExactly(
                            "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"b\",\"value\":2}",
                            "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"d\",\"value\":{\"n\":3}}");
        }
    }

    @Test
    void anArrayIsImportedToo() throws Exception {
        String array =
                """
                [
                {"event":"document","collection":"c","key":"a","value":{"lines":
                  [1, 2]}},
                {"event":"document","collection":"c","key":"b","value":"\\\\"}
                ]
                """;
        try (Tidegate server = start("one")) {
            assertThat(run(server, array, "import", "-").out()).startsWith("imported 2 changes in ");

            assertThat(documents(server))
                    .containsExactly(
                            "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"a\",\"value\":{\"lines\":   [1, 2]}}",
                            "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"b\",\"value\":\"\\\\\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event\":\"error\",\"code\":\"store-failed\",\"message\":\"m\"}",
                "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"a\"}",
                "{\"collection\":\"c\",\"key\":\"a\",\"value\":\"a\nb\"}",
                "[1]",
                "nothing"
            })
    void whatIsNoChangeStopsItThere(String line) throws Exception {
        try (Tidegate server = start("one")) {
            String first = "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"first\",\"value\":1}\n";

            CommandRun run = run(server, first + line + "\n", "import", "-");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .startsWith("tidegate: line 2 of standard input: ")
                    .contains("; line 1 is durable, go on with --skip 1");
            assertThat(documents(server)).hasSize(1);
        }
    }

    @Test
    void anExportThatBreaksOffLeavesTheFileAsItWas() throws Exception {
        Path file = Files.writeString(directory.resolve("exported"), "before");
        try (var server = FakeServer.with(peer -> {
            peer.hear();
            peer.say("{\"event\":\"document\",\"collection\":\"c\",\"key\":\"k\",\"value\":1}");
        })) {
            CommandRun run = CommandRun.of("export", file.toString(), "orders", "--port", "" + server.port());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("connection lost after 1 document");
        }
        assertThat(file).hasContent("before");
        assertThat(directory.toFile().list()).containsExactly("exported");
    }

    @Test
    void aDeviceStaysWhatItIsAndOfALinkTheFileIsWritten() throws Exception {
        Path device = Path.of("/dev/null");
        Path file = Files.writeString(directory.resolve("file"), "before");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        try (Tidegate server = start("one")) {
            put(server, "c", "k", "1").join();

            CommandRun run = run(server, "", "export", device.toString());

            assertThat(run.out()).as(run.err()).startsWith("exported 1 document to " + device);
            assertThat(Files.isRegularFile(device)).isFalse();
            assertThat(run(server, "", "export", link.toString()).exitCode()).isZero();
            assertThat(Files.readString(file)).contains("\"key\":\"k\"");
            assertThat(Files.isSymbolicLink(link)).isTrue();
            assertThat(run(server, "", "export", directory.toString()).err()).contains("cannot write " + directory);
        }
    }

    @Test
    void whoImportsAnExportThatBrokeOffIsTold() throws Exception {
        String document = "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"k\",\"value\":1}\n";
        try (Tidegate server = start("one")) {
            assertThat(run(server, document, "import", "-").err()).contains("no 'synced' comes behind");
            String whole = document + "{\"event\":\"synced\",\"epoch\":\"k7\",\"seq\":1,\"documents\":1}\n";
            assertThat(run(server, whole, "import", "-").err()).isEmpty();
            assertThat(run(server, whole + document, "import", "-").err()).contains("no 'synced' comes behind");
        }
    }

    @Test
    void allOfACollectionIsDeletedInTheOrderOfTheKeys() throws Exception {
        try (Tidegate server = start("one")) {
            fill(server);
            String others = String.join("\n", documents(server));
            for (int i = 0; i < 1000; i++) {
                put(server, "orders", "o-" + (999 - i), "1").join();
            }
            long before = server.position().seq();

            CommandRun run = run(server, "", "delete", "--collection", "orders");

            assertThat(run.out())
                    .as(run.err())
                    .isEqualTo("deleted 1,000 documents of orders, position seq " + (before + 1000) + "\n");
            assertThat(String.join("\n", documents(server))).isEqualTo(others);
            assertThat(run(server, "", "delete", "--collection", "orders").out())
                    .isEqualTo("deleted 0 documents of orders\n");
        }
    }

    /** Each of these would be something else as a selector. */
    @ParameterizedTest
    @ValueSource(strings = {"a%41", "orders/*", "orders/o-1", "none", "latest"})
    void theCollectionThatIsNamedIsDeletedAndNoOther(String name) throws Exception {
        try (Tidegate server = start("one")) {
            boolean isOld = name.contains("/");
            put(server, "orders", "o-1", "1").join();
            put(server, "aA", "k", "2").join();
            if (!isOld) {
                put(server, name, "k", "3").join();
            }

            CommandRun run = run(server, "", "delete", "--collection", name);

            assertThat(run.out())
                    .as(run.err())
                    .startsWith("deleted " + (isOld ? "0 documents" : "1 document") + " of ");
            assertThat(server.read("orders", "o-1").toCompletableFuture().join())
                    .isPresent();
            assertThat(server.read("aA", "k").toCompletableFuture().join()).isPresent();
        }
    }
}
