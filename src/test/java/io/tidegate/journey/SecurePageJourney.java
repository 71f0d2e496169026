package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.server.LineClient;
import io.tidegate.tls.TestCertificates;
import io.tidegate.tls.TestCertificates.Issued;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody looks at the feed in a browser over TLS, also while the server is restarted. */
@Timeout(600)
class SecurePageJourney {

    /**
     * A browser answers close_notify on connections to spare by a reset, of which it has five at most beside that of its stream: by them
     * it has loaded the page's modules. That of its stream it closes.
     */
    private static final Pattern CLEAN = Pattern.compile(
            "Drained in .*: [1-9]\\d* connections? completed, 0 aborted, [0-5] reset by peer;.* 0 bytes were left");

    @TempDir
    Path directory;

    static Stream<String> versions() {
        return Length.LONG ? Stream.of("TLSv1.3", "TLSv1.2") : Stream.of("TLSv1.3");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theStreamEndsWithoutAnErrorWhenTheServerStopsAndGoesOnAtTheNextOne(String version) throws Exception {
        Optional<Path> program = Browser.program();
        assumeTrue(program.isPresent(), "no Chromium is installed here: the page is not tested");
        Issued own = TestCertificates.authority("Root").server("localhost").issue();
        var files = own.write(directory, "own");
        int port = ServerCommand.stablePort(new Random());
        ServerCommand command = ServerCommand.in(directory.resolve("data"))
                .with("http.port", port)
                .with("http.tls.protocols", "[\"" + version + "\"]")
                .with("http.tls.certificates", "[{chain = \"" + files.chain() + "\", key = \"" + files.key() + "\"}]");
        try (ServerProcess first = command.start()) {
            publish(first, "o-1");
            try (Browser browser = Browser.open(
                    program.get(),
                    Files.createDirectory(directory.resolve("profile")),
                    URI.create("https://localhost:" + port + "/"),
                    "--ignore-certificate-errors-spki-list=" + hash(own))) {
                browser.await(LIVE);
                browser.await(shows("documents", "o-1"));
                publish(first, "o-2");
                browser.await(shows("updates", "o-2"));
                assertThat(browser.evaluate("location.protocol + isSecureContext"))
                        .isEqualTo("https:true");
                assertThat(browser.complaints()).isEmpty();

                stop(first);

                browser.await("document.getElementById('state').dataset.state !== 'live'");
                try (ServerProcess second = command.start()) {
                    publish(second, "o-3");
                    browser.await(LIVE);
                    browser.await(shows("updates", "o-3"));
                    assertThat(browser.evaluate("document.querySelectorAll('#updates li').length + ''"))
                            .as("updates: it went on where it was")
                            .isEqualTo("2");
                    // While nobody listened it was refused; but no stream was cut.
                    assertThat(browser.complaints())
                            .allMatch(complaint -> complaint.contains("ERR_CONNECTION_REFUSED"));
                    stop(second);
                }
            }
        }
    }

    private static void stop(ServerProcess server) throws Exception {
        server.stop(Trigger.Kind.SIGTERM);
        assertThat(server.awaitExit().code()).as("exit code of %s", server).isZero();
        server.await(CLEAN);
        server.requireNothingToLookAt();
    }

    /** By which a browser knows the key that it is to trust. */
    private static String hash(Issued issued) throws GeneralSecurityException {
        byte[] key = issued.keys().getPublic().getEncoded();
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    }

    private static final String LIVE = "document.getElementById('state').dataset.state === 'live'";

    private static String shows(String element, String text) {
        return "document.getElementById('" + element + "').innerText.includes('" + text + "')";
    }

    private static void publish(ServerProcess server, String key) throws Exception {
        try (var client = new LineClient(server.awaitAddress())) {
            assertThat(client.send("put orders " + key + " 1").line()).contains("accepted");
        }
    }
}
