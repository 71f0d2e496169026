package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.tls.TestCertificates;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Settings whose files are looked at, too, as a start looks at them. */
@Timeout(120)
class CheckConfigCommandTest {

    private static final TestCertificates CA = TestCertificates.authority("Root");

    @TempDir
    Path directory;

    private Path config(String... settings) throws Exception {
        return Files.writeString(directory.resolve("tidegate.conf"), String.join("\n", settings));
    }

    private CommandRun check(String... settings) throws Exception {
        return CommandRun.of("check-config", "-c", config(settings).toString());
    }

    private Path file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content);
    }

    private void assertRefused(CommandRun run, String line) {
        assertThat(run).isEqualTo(new CommandRun(1, "", "tidegate: " + line + "\n"));
    }

    private static String certificates(Path chain, Path key) {
        return "tidegate.http.tls.certificates = [{ chain = \"" + chain + "\", key = \"" + key + "\" }]";
    }

    @Test
    void filesThatAreRightAreOkAndNothingIsBound() throws Exception {
        var files = CA.server("a.test").issue().write(directory, "own");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(check(
                            certificates(files.chain(), files.key()),
                            "tidegate.http.port = " + taken.getLocalPort(),
                            "tidegate.store.directory = \"" + directory.resolve("data") + "\"",
                            "tidegate.access.tokens-file = \"" + file("tokens", "# nobody\n") + "\"",
                            "tidegate.access.issuers = [{ issuer = a, audience = b, algorithms = [RS256],"
                                    + " keys-url = \"http://127.0.0.1:" + taken.getLocalPort() + "/\" }]"))
                    .isEqualTo(new CommandRun(0, "ok\n", ""));
        }
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void aKeyOfAnotherCertificateIsToldInOneLine() throws Exception {
        var files = CA.server("a.test").issue().write(directory, "own");
        var others = CA.server("b.test").issue().write(directory, "other");

        assertRefused(
                check(certificates(files.chain(), others.key())),
                "tidegate.http.tls: " + others.key() + ": the key is not that of the certificate in " + files.chain()
                        + ": they have to be a pair");
    }

    @Test
    void aCertificateThatIsMissingIsToldInOneLine() throws Exception {
        Path none = directory.resolve("none");

        CommandRun run = check(certificates(none, none));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().contains("tidegate.http.tls: " + none, "no such file");
    }

    @Test
    void aLineThatIsNoTokenIsToldAndNotShown() throws Exception {
        Path tokens = file("tokens", "tg_secret\n");

        CommandRun run = check("tidegate.access.tokens-file = \"" + tokens + "\"");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("tidegate: tidegate.access: " + tokens + ":1: allowed is a JSON object");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).doesNotContain("tg_secret");
    }

    @Test
    void keysAndSecretsOfIssuersAreRead() throws Exception {
        Path keys = file("jwks.json", "{}");
        Path secret = file("secret", "short\n");

        assertRefused(
                check("tidegate.access.issuers = [{ issuer = a, audience = b, algorithms = [RS256], keys = \"" + keys
                        + "\" }]"),
                "tidegate.access: " + keys + ": allowed is a set of keys (JWKS), {\"keys\":[…]}");
        assertRefused(
                check("tidegate.access.issuers = [{ issuer = a, audience = b, algorithms = [HS256], secret-file = \""
                        + secret + "\" }]"),
                "tidegate.access: " + secret + ": it has 5 bytes: allowed are 32 and more");
    }

    @Test
    void theOutputIsTheSettingsOnlyAndAFileThatOthersCanReadIsAWarning() throws Exception {
        Path tokens = file("tokens", "");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-r--r--"));
        try (var command = CommandProcess.start(
                "check-config",
                "-c",
                config("tidegate.access.tokens-file = \"" + tokens + "\"").toString())) {
            assertThat(command.out().lines()).containsExactly("ok");
            assertThat(command.err())
                    .isEqualTo(
                            "tidegate: Everybody on this machine can read " + tokens + ": chmod o-r takes that away\n");
            assertThat(command.awaitExit()).isZero();
        }
    }
}
