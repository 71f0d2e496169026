package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Signals;
import io.tidegate.tls.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator rotates a certificate, and has the server read it: by a signal and from the command line. */
@Timeout(600)
class ReloadJourney {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // the journey starts it
    private ServerProcess server;

    @AfterEach
    void stop() {
        server.close();
    }

    private ServerProcess reload(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("reload"));
        words.addAll(List.of(options));
        return ServerCommand.in(directory).run(words.toArray(String[]::new));
    }

    private void hangUp() {
        Signals.send("HUP", server.pid());
    }

    @Test
    void aCertificateIsRotatedBySignalAndByCommand() throws Exception {
        TestCertificates ca = TestCertificates.authority("Root");
        var files = ca.server("one.test").issue().write(directory, "own");
        server = ServerCommand.in(directory)
                .with("tcp.tls.certificates", "[{chain = \"" + files.chain() + "\", key = \"" + files.key() + "\"}]")
                .with("reload.interval", "1 day")
                .start();
        server.awaitLog("The listener tcp has certificates: CN=one.test");
        server.awaitAddress();

        ca.server("two.test").issue().write(directory, "own");
        hangUp();
        server.awaitLog("Reloaded the tcp certificates: CN=two.test");

        Files.writeString(files.key(), "spoilt");
        try (var refused = reload("--pid", String.valueOf(server.pid()))) {
            assertThat(refused.awaitExit().code()).isEqualTo(1);
            assertThat(refused.log())
                    .endsWith("settings: unchanged")
                    .first()
                    .asString()
                    .startsWith("tcp certificates: refused: " + files.key() + ": there is no private key in it");
        }
        ca.server("three.test").issue().write(directory, "own");
        try (var taken = reload(
                "--json", "--admin", "127.0.0.1:" + server.awaitAdminAddress().getPort())) {
            assertThat(taken.awaitExit().code()).isZero();
            assertThat(taken.log())
                    .hasSize(2)
                    .first()
                    .asString()
                    .startsWith(
                            "{\"what\":\"tcp certificates\",\"result\":\"reloaded\",\"line\":\"CN=three.test, valid");
        }
        server.stop(Trigger.Kind.SIGTERM);
        assertThat(server.awaitExit().code()).isZero();
    }
}
