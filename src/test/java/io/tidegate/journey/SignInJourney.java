package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.access.Grant;
import io.tidegate.access.Token;
import io.tidegate.access.TokensFile;
import io.tidegate.tls.TestCertificates;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody looks at the feed of a server that shows it to nobody who is not known. */
@Timeout(600)
class SignInJourney {

    @TempDir
    Path directory;

    @TempDir
    Path profile;

    private final String token = Token.random();
    private Path file;
    private int port;

    @BeforeEach
    void giveSomebodyAToken() throws Exception {
        assumeTrue(Browser.program().isPresent(), "no Chromium is installed here: the page is not tested");
        file = directory.resolve("tokens");
        new TokensFile(file)
                .add(
                        Token.of("desk", token, new Grant(List.of("orders"), List.of(), false), null, Instant.EPOCH),
                        false);
        port = ServerCommand.stablePort(new Random());
    }

    private ServerCommand server() {
        return ServerCommand.in(directory.resolve("data"))
                .with("http.port", port)
                .with("access.tokens-file", file)
                .with("reload.interval", "1 s");
    }

    private Browser open(String scheme) throws Exception {
        Optional<Path> program = Browser.program();
        return Browser.open(program.orElseThrow(), profile, URI.create(scheme + "://localhost:" + port + "/"));
    }

    @Test
    void withoutTlsThePageKeepsTheTokenAndSaysSo() throws Exception {
        try (ServerProcess server = server().start()) {
            var unused = server.awaitAddress();
            try (Browser browser = open("http")) {
                browser.await(state("signed-out") + " && !" + hidden("sign-in") + " && " + hidden("sign-out"));
                browser.await(shows("sign-in-note", "not encrypted"));

                browser.evaluate(signIn("tg_nobody"));
                browser.await(shows("sign-in-note", "nobody is known"));
                browser.evaluate(signIn(token));
                browser.await(state("live") + " && " + hidden("sign-in") + " && !" + hidden("sign-out"));
                assertThat(browser.evaluate("document.cookie + localStorage.length"))
                        .isEqualTo("0");

                browser.evaluate("document.getElementById('sign-out').click() + ''");
                browser.await(state("signed-out") + " && !" + hidden("sign-in") + " && " + hidden("sign-out"));
            }
        }
    }

    @Test
    void overTlsACookieOutlivesThePageUntilSomebodySignsOutOrTheTokenIsNobodys() throws Exception {
        var files =
                TestCertificates.authority("Root").server("localhost").issue().write(directory, "own");
        ServerCommand command = server().with("http.tls.certificates.0.chain", files.chain())
                .with("http.tls.certificates.0.key", files.key());
        try (ServerProcess server = command.start()) {
            var unused = server.awaitAddress();
            try (Browser browser = open("https")) {
                browser.await(state("signed-out") + " && !" + hidden("sign-in"));
                browser.evaluate(signIn(token));
                browser.await(state("live") + " && " + hidden("sign-in"));
                assertThat(browser.evaluate("document.cookie + ''"))
                        .as("no script sees it")
                        .isEmpty();
                reload(browser);
                browser.await(state("live") + " && !" + hidden("sign-out"));

                browser.evaluate("document.getElementById('sign-out').click() + ''");
                browser.await(state("signed-out") + " && !" + hidden("sign-in"));
                reload(browser);
                browser.await(state("signed-out") + " && !" + hidden("sign-in"));

                browser.evaluate(signIn(token));
                browser.await(state("live"));
                new TokensFile(file).revoke("desk");
                browser.await(state("signed-out") + " && " + shows("state", "revoked"));
            }
        }
    }

    private static void reload(Browser browser) throws Exception {
        browser.evaluate("document.body.id = 'old', location.reload(), 'reloading'");
        browser.await("document.body.id !== 'old'");
    }

    private static String signIn(String token) {
        return """
                (() => {
                  document.getElementById("token").value = "%s";
                  document.getElementById("sign-in").requestSubmit();
                  return "sent";
                })()
                """
                .formatted(token);
    }

    private static String hidden(String element) {
        return "document.getElementById('" + element + "').hidden";
    }

    private static String state(String name) {
        return "document.getElementById('state').dataset.state === '" + name + "'";
    }

    private static String shows(String element, String text) {
        return "document.getElementById('" + element + "').innerText.includes('" + text + "')";
    }
}
