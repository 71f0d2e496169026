package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.client.Credentials;
import io.tidegate.client.FakeServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands whose server cannot be had over HTTP: one line, and exit code 1. */
@Timeout(120)
class AdminLinkTest {

    private static String failure(String... args) {
        CommandRun run = CommandRun.of(args);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        return run.err().stripTrailing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "ftp://127.0.0.1:8990",
                "http:8990",
                "/v1",
                "a b:80",
                "127.0.0.1:0",
                "127.0.0.1:70000",
                "http://[::1:80"
            })
    void whatIsNoAddressIsRefused(String address) {
        assertThat(failure("conns", "--admin", address))
                .isEqualTo("tidegate: --admin takes an address such as http://127.0.0.1:8990, not " + address);
    }

    @Test
    void whereNobodyListensThereIsNoServer() throws Exception {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        assertThat(failure("stop", "--admin", "http://127.0.0.1:" + port))
                .isEqualTo("tidegate: cannot reach the server at http://127.0.0.1:" + port + ": no connection");
    }

    @Test
    void aPortThatSpeaksNoHttpIsNoServer() throws Exception {
        try (var lines = FakeServer.with(peer -> {
            String heard = peer.hear();
            while (!heard.isBlank()) {
                heard = peer.hear();
            }
            peer.say("{\"event\":\"error\",\"code\":\"wrong-protocol\",\"message\":\"that is HTTP\"}");
        })) {
            String address = "http://127.0.0.1:" + lines.port();

            assertThat(failure("conns", "--admin", address))
                    .isEqualTo("tidegate: the server at " + address
                            + " does not answer as an admin listener of tidegate (no HTTP): is the port right?");
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:8990, http://127.0.0.1:8990", "[::1]:8990, http://[::1]:8990", "http://here, http://here"})
    void theSchemeMayBeLeftOut(String text, String address) throws Exception {
        assertThat(AdminLink.to(text, Credentials.NONE)).hasToString("the server at " + address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"conns", "end 1", "end --listener tcp", "stop", "reload", "nodes"})
    void aListenerThatHasNoneOfTheAdminsResourcesIsNoServer(String line) throws Exception {
        HttpServer data = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        data.createContext("/", exchange -> {
            byte[] problem = "{\"status\":404,\"detail\":\"nothing is here\",\"code\":\"not-found\"}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(404, problem.length);
            try (var out = exchange.getResponseBody()) {
                out.write(problem);
            }
        });
        data.start();
        try {
            String address = "127.0.0.1:" + data.getAddress().getPort();
            assertThat(failure((line + " --admin " + address).split(" ")))
                    .isEqualTo("tidegate: the server at http://" + address
                            + " does not answer as an admin listener of tidegate (status 404): is the port right?");
        } finally {
            data.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | <html>       | status 200, no JSON",
                "404 | not here     | status 404, no JSON",
                "200 | {\"a\":1}    | no list",
                "200 | [1]          | no object",
                "200 | [{\"a\":null}] | status 200, no JSON"
            })
    void whoAnswersSomethingElseIsNoServer(int status, String body, String what) throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer other = HttpServer.create(address, 0);
        other.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            try (var out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        other.start();
        try {
            String url = "http://127.0.0.1:" + other.getAddress().getPort();
            assertThat(failure("conns", "--admin", url))
                    .isEqualTo("tidegate: the server at " + url + " does not answer as an admin listener of tidegate ("
                            + what + "): is the port right?");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void eitherThisMachineOrAnAddressIsAsked() {
        CommandRun run = CommandRun.of("conns", "--pid", "1", "--admin", "http://127.0.0.1:8990");

        assertThat(run.exitCode()).isEqualTo(2);
    }
}
