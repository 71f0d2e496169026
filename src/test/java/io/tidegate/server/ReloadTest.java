package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.admin.ReloadOutcome;
import io.tidegate.admin.ServerBean;
import io.tidegate.tls.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of a server that runs: read at its start, and anew when they change. */
@Timeout(120)
class ReloadTest {

    private static final TestCertificates CA = TestCertificates.authority("Root");

    private static final String WHAT = "tcp certificates";

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();

    @SuppressWarnings("NullAway.Init") // each test starts it
    private Tidegate server;

    @AfterEach
    void stop() {
        if (server != null) {
            TestServer.end(time, server);
        }
    }

    private Path chain() {
        return directory.resolve("own.crt");
    }

    private static String settings(Path chain, Path key) {
        return "tidegate.tcp.tls.certificates = [{ chain = \"" + chain + "\", key = \"" + key + "\" }]";
    }

    private void start() throws Exception {
        var files = CA.server("a.test").issue().write(directory, "own");
        server = TestServer.start(time, directory, settings(files.chain(), files.key()));
    }

    private void spoilPair() throws Exception {
        Files.writeString(chain(), CA.server("a.test").issue().chainPem());
    }

    private double count(String result) {
        return MetricsText.parse(server.metrics().toCompletableFuture().join())
                .value("tidegate_reloads_total{result=\"" + result + "\",what=\"" + WHAT + "\"}");
    }

    private List<? extends Config> post() {
        AdminClient.Answer answer = AdminClient.of(server).post("/v1/reload");
        assertThat(answer.status()).isEqualTo(200);
        return ConfigFactory.parseString("it = " + answer.body()).getConfigList("it");
    }

    @Test
    void whatCannotBeUsedStopsTheStartInOneLine() throws Exception {
        var files = CA.server("a.test").issue().write(directory, "own");
        Path none = directory.resolve("none.key");

        assertThatThrownBy(() -> TestServer.start(directory, settings(files.chain(), none)))
                .isInstanceOf(StartException.class)
                .hasMessage("tidegate.tcp.tls: " + none + ": it cannot be read: there is no such file");
    }

    @Test
    void changedFilesAreFoundAfterTheInterval() throws Exception {
        start();
        CA.server("b.test").issue().write(directory, "own");

        time.passes(Duration.ofSeconds(9));
        assertThat(count("reloaded")).isZero();
        time.passes(Duration.ofSeconds(1));

        Await.until(() -> count("reloaded") == 1);
        assertThat(server.metrics().toCompletableFuture().join()).contains("subject=\"CN=b.test\"");
    }

    @Test
    void operatorsHaveThemReadAtOnceAndAreToldWhatCameOfIt() throws Exception {
        start();
        assertThat(post()).singleElement().satisfies(row -> {
            assertThat(row.getString("what")).isEqualTo(WHAT);
            assertThat(row.getString("result")).isEqualTo("unchanged");
            assertThat(row.getString("line")).isEmpty();
        });

        CA.server("b.test").issue().write(directory, "own");
        assertThat(post()).singleElement().satisfies(row -> {
            assertThat(row.getString("result")).isEqualTo("reloaded");
            assertThat(row.getString("line")).startsWith("CN=b.test, valid until ");
        });

        spoilPair();
        ReloadOutcome[] refused = new ServerBean(server).reload();
        assertThat(refused).singleElement().satisfies(row -> {
            assertThat(row.getWhat()).isEqualTo(WHAT);
            assertThat(row.getResult()).isEqualTo("refused");
            assertThat(row.getLine()).contains("they have to be a pair");
        });
        assertThat(count("reloaded")).isEqualTo(1);
        assertThat(count("refused")).isEqualTo(1);
    }

    @Test
    void onlyAProgramMayAskForIt() throws Exception {
        start();
        AdminClient admin = AdminClient.of(server);

        assertThat(admin.ask("POST", "/v1/reload").join().status()).isEqualTo(415);
        assertThat(admin.get("/v1/reload").status()).isEqualTo(405);
    }

    @Test
    void aServerWithoutCertificatesHasNothingToRead() throws Exception {
        server = TestServer.start(time, directory);

        assertThat(post()).isEmpty();
    }
}
