package io.tidegate.journey;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.access.Grant;
import io.tidegate.access.Token;
import io.tidegate.access.TokensFile;
import io.tidegate.server.LineClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Takes the pictures of the console that are in the documents: only with {@code -Djourney.pictures=DIRECTORY}. */
@Timeout(600)
class ConsolePicturesJourney {

    private static final int SECONDS = Integer.getInteger("journey.pictures.seconds", 100);

    private static final int TAKING_SECONDS = 20;

    private static final List<String> NAMES = List.of("desk", "risk", "mobile", "ops", "feed");

    @TempDir
    Path directory;

    @TempDir
    Path profile;

    private final Map<String, String> tokens = new TreeMap<>();
    private final List<AutoCloseable> clients = new ArrayList<>();

    @Test
    void picturesOfAServerThatIsUsed() throws Exception {
        String pictures = System.getProperty("journey.pictures");
        assumeTrue(pictures != null, "pictures are taken on demand only");
        assumeTrue(Browser.program().isPresent(), "no Chromium is installed here");
        Path file = directory.resolve("tokens");
        for (String name : NAMES) {
            tokens.put(name, Token.random());
            var grant = new Grant(List.of("*"), List.of("*"), name.equals("ops"));
            new TokensFile(file).add(Token.of(name, tokens.get(name), grant, null, Instant.EPOCH), false);
        }
        ServerCommand command = ServerCommand.in(directory.resolve("data"))
                .with("access.tokens-file", file)
                .with("connection.stall-timeout", "10 m");
        try (ServerProcess server = command.start()) {
            connect(server);
            URI console =
                    URI.create("http://127.0.0.1:" + server.awaitAdminAddress().getPort() + "/");
            try (Browser browser = Browser.open(Browser.program().orElseThrow(), profile, console)) {
                browser.focus();
                browser.show(1280, 940, false);
                browser.await("!document.getElementById('sign-in').hidden");
                browser.evaluate("document.getElementById('token').value = '" + tokens.get("ops")
                        + "', document.getElementById('sign-in').requestSubmit() + ''");
                browser.await("document.getElementById('state').dataset.state === 'running'");
                CompletableFuture<Void> load = Background.start("load", () -> load(server.awaitAddress()));
                TimeUnit.SECONDS.sleep(SECONDS / 2);
                for (AutoCloseable leaving : clients.subList(0, 12)) {
                    leaving.close();
                }
                TimeUnit.SECONDS.sleep(SECONDS / 2);
                take(browser, Path.of(pictures));
                Background.await(load, "the load");
            }
            for (AutoCloseable client : clients) {
                client.close();
            }
        }
    }

    private static void take(Browser browser, Path directory) throws Exception {
        browser.evaluate("document.querySelector('[data-column=lag]').click(),"
                + " document.querySelector('[data-column=lag]').click() + ''");
        browser.await("document.querySelector('.head .lag').ariaSort === 'descending'");
        browser.evaluate("document.querySelector('#grid .row[data-at=\"1\"]').click() + ''");
        take(browser, 1280, 940, false, directory.resolve("console-light.png"));
        take(browser, 1280, 940, true, directory.resolve("console-dark.png"));
        take(browser, 360, 780, false, directory.resolve("console-phone.png"));
    }

    private static void take(Browser browser, int width, int height, boolean isDark, Path file) throws Exception {
        browser.show(width, height, isDark);
        TimeUnit.SECONDS.sleep(2);
        Picture.of(browser.picture()).write(file);
    }

    private void connect(ServerProcess server) throws Exception {
        for (int i = 0; i < 160; i++) {
            String name = NAMES.get(i % 3);
            String follows = i % 4 == 0 ? "updates orders quakes" : i % 4 == 1 ? "updates orders" : "updates quakes";
            if (i % 5 < 2) {
                clients.add(stream(server.awaitHttpAddress(), name));
            } else {
                var client = new LineClient(server.awaitAddress(), i % 40 == 39 ? 4096 : 0);
                clients.add(client);
                client.send("auth " + tokens.get(name), i % 40 == 39 ? "updates" : follows);
                if (i % 40 != 39) {
                    var unused = Background.start("reader", client::rest);
                }
            }
        }
    }

    private Socket stream(InetSocketAddress server, String name) throws IOException {
        var socket = new Socket(server.getAddress(), server.getPort());
        socket.getOutputStream()
                .write(("GET /v1/follow?select=orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                + tokens.get(name) + "\r\nUser-Agent: " + name + "/2.1\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        var unused = Background.start("reader", () -> socket.getInputStream().readAllBytes());
        return socket;
    }

    private Void load(InetSocketAddress server) throws Exception {
        String large = "\"" + "x".repeat(60_000) + "\"";
        try (var publisher = new LineClient(server)) {
            publisher.send("auth " + tokens.get("feed"));
            publisher.line();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS + TAKING_SECONDS);
            for (int i = 0; System.nanoTime() < end; i++) {
                publisher.send("put " + (i % 3 == 0 ? "quakes" : "orders") + " k-" + i % 500 + " {\"n\":" + i + "}");
                publisher.line();
                if (i % 50 == 0) {
                    publisher.send("put blobs b-" + i % 20 + " " + large);
                    publisher.line();
                }
                // As if there were hours with more and with less of it.
                TimeUnit.MILLISECONDS.sleep(4 + (long) (12 * (1 + Math.sin(i / 220.0))));
            }
        }
        return null;
    }
}
