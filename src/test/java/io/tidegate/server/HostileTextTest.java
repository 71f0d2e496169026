package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tidegate.document.Visible;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Escape sequences, line breaks and directions, wherever a client can put them: none of them is logged, and none is shown. */
@Timeout(120)
class HostileTextTest {

    private static final String ESCAPE = "\u001b[2J";

    /** What HTTP lets through: it is a control character in a terminal that reads Latin-1, and in UTF-8. */
    private static final String HIGH = "\u009b2J";

    private static final String BACKWARDS = "\u202e";

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private @Nullable Level levelBefore;

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.tidegate");
    }

    @BeforeEach
    void logEverything() {
        levelBefore = logger().getLevel();
        logged.start();
        logger().setLevel(Level.TRACE);
        logger().setAdditive(false);
        logger().addAppender(logged);
    }

    @AfterEach
    void logAsBefore() {
        logger().detachAppender(logged);
        logger().setAdditive(true);
        logger().setLevel(levelBefore);
    }

    private static void requireSeen(String text) {
        assertThat(Visible.ofLines(text)).isEqualTo(text);
    }

    @Test
    void nothingThatSteersATerminalIsLoggedOrShown(@TempDir Path directory) throws Exception {
        try (Tidegate server = TestServer.start(directory)) {
            sayByLines(server);
            sayByHttp(server);
            sayByWebSocket(server);
            server.drain("the test is over" + ESCAPE).toCompletableFuture().join();
        }

        assertThat(logged.list).as("a test that logs nothing proves nothing").hasSizeGreaterThan(10);
        for (ILoggingEvent event : logged.list) {
            requireSeen(event.getFormattedMessage());
            requireSeen(String.valueOf(event.getKeyValuePairs()));
            assertThat(event.getThrowableProxy()).isNull();
        }
    }

    private static void sayByLines(Tidegate server) throws IOException {
        for (String line : List.of(
                "put orders a" + ESCAPE + " 1",
                "put orders " + BACKWARDS + "a%1B%0A 1",
                "put orders " + BACKWARDS + "a 1",
                "follow orders" + BACKWARDS + "/",
                "auth " + ESCAPE + "token",
                "auth " + BACKWARDS + "\rtoken",
                ESCAPE + BACKWARDS)) {
            try (var socket = new Socket(
                    server.tcpAddress().getAddress(), server.tcpAddress().getPort())) {
                OutputStream out = socket.getOutputStream();
                out.write((line + "\nquit\n").getBytes(StandardCharsets.UTF_8));
                requireSeen(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    private static void sayByHttp(Tidegate server) throws IOException {
        for (String header : List.of(
                "User-Agent: a" + HIGH,
                "User-Agent: a" + ESCAPE,
                "Origin: http://a" + HIGH,
                "Authorization: Bearer " + HIGH + "token",
                "Cookie: __Host-tidegate=" + HIGH,
                "X-Forwarded-For: " + HIGH,
                "Host: " + HIGH)) {
            ask(server, "GET /v1/documents/orders/%E2%80%AEa HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n");
        }
        ask(server, "GET / HTTP/1.1\r\nHost: a" + HIGH + "\r\n\r\n");
        ask(server, "GET /" + HIGH + "?" + ESCAPE + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        ask(server, "GET /v1/documents?%1B%E2%80%AE=%0A HTTP/1.1\r\nHost: localhost\r\n\r\n");
        ask(server, "GET /v1/documents?collection=%1B%0D%0A HTTP/1.1\r\nHost: localhost\r\n\r\n");
        ask(server, HIGH + " / HTTP/1.1\r\n\r\n");
    }

    private static void ask(Tidegate server, String request) throws IOException {
        try (var client = new HttpSocket(server)) {
            requireSeen(client.sendRaw(request).response().body());
        }
    }

    private static void sayByWebSocket(Tidegate server) throws IOException {
        try (var client = new HttpSocket(server);
                var operator = HttpSocket.admin(server)) {
            client.send(
                    "GET /v1/socket",
                    "User-Agent: " + HIGH + "browser",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
            assertThat(client.head().status()).isEqualTo(101);

            String shown = operator.send("GET /v1/connections").response().body();
            requireSeen(shown);
            assertThat(shown).contains("U+009B2Jbrowser");
            requireSeen(operator.send("GET /v1/connections?" + "x=%1B%E2%80%AE")
                    .response()
                    .body());

            byte[] reason = (ESCAPE + BACKWARDS + "\r\n").getBytes(StandardCharsets.UTF_8);
            var close = new StringBuilder().append((char) 0x88).append((char) (0x80 | (reason.length + 2)));
            close.append("\0\0\0\0").append((char) 0x03).append((char) 0xe8);
            client.sendRaw(close + new String(reason, StandardCharsets.ISO_8859_1));
            client.untilClose();
        }
    }
}
