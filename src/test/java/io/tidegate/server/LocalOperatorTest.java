package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.access.Authenticator;
import io.tidegate.access.Identity;
import io.tidegate.access.Rights;
import io.tidegate.document.Network;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever may read the store's directory operates its server. */
@Timeout(120)
class LocalOperatorTest {

    private static final Pattern CONTENT =
            Pattern.compile("\\{\"pid\":\\d+,\"url\":\"([^\"]+)\",\"token\":\"(tg_[^\"]+)\"}\n");

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("data").resolve(LocalOperator.FILE);
    }

    private static int status(String url, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/connections"))
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aTokenIsLeftForOneRunThatOperatesTheServer() throws Exception {
        Path tokens = Files.writeString(directory.resolve("tokens"), "");
        try (Tidegate server = TestServer.start(directory, "tidegate.access.tokens-file = \"" + tokens + "\"")) {
            assertThat(server).isNotNull();
            Matcher left = CONTENT.matcher(Files.readString(file()));
            assertThat(left.matches()).isTrue();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                    .isEqualTo("rw-------");

            assertThat(status(left.group(1), left.group(2))).isEqualTo(200);
            assertThat(status(left.group(1), left.group(2) + "x")).isEqualTo(401);
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void theTokenOfAnotherServerStays() throws Exception {
        try (Tidegate server = TestServer.start(directory)) {
            assertThat(server).isNotNull();
            Files.writeString(file(), "another's");
        }
        assertThat(file()).hasContent("another's");
    }

    @Test
    void whereOnlyThisMachineComesAndNobodyIsKnownNobodyIsAsked() {
        LocalOperator local = LocalOperator.beside(Authenticator.OPEN, address("127.0.0.1"));

        assertThat(local.isOpen()).isTrue();
        assertThat(local.anonymous()).isEqualTo(Identity.ANYBODY);
    }

    @Test
    void whereOthersComeAndNobodyIsKnownTheOperatorHereIsTheOnlyOne() {
        LocalOperator local = LocalOperator.beside(Authenticator.OPEN, address("10.0.0.7"));

        assertThat(local.isOpen()).isFalse();
        assertThat(local.anonymous().rights()).isEqualTo(Rights.NONE);
    }

    private static InetSocketAddress address(String host) {
        return new InetSocketAddress(Network.address(host), 8990);
    }
}
