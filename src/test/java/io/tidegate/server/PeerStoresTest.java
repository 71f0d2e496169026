package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.rocksdb.StoreTransfer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom a node asks for a store, what it shows them, and what becomes of answers that are none. */
@Timeout(60)
class PeerStoresTest {

    private static final String TOKEN = "tg_secret";

    @TempDir
    Path directory;

    /** Of each request, what was shown. */
    private final BlockingQueue<String> shown = new LinkedBlockingQueue<>();

    private HttpServer peer;
    private String address;
    private String answer = "{\"detail\":\"not today\"}";
    private int status = 403;

    @BeforeEach
    void listen() throws IOException {
        Files.writeString(directory.resolve("token"), TOKEN + "\n");
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.createContext("/", exchange -> {
            shown.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        peer.start();
        address = "http://127.0.0.1:" + peer.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        peer.stop(0);
    }

    private PeerStores peers(String... known) {
        return new PeerStores(new PeerSettings(
                List.of(known), 0, Optional.of(directory.resolve("token")), Optional.empty(), Duration.ofSeconds(30)));
    }

    private StoreTransfer transfer() {
        return StoreTransfer.of(directory.resolve("store"));
    }

    @Test
    void whomTheSettingsNameIsShownTheToken() throws Exception {
        assertThat(peers(address).all(List.of(address)))
                .as("once, though it is announced as well")
                .hasSize(1)
                .allSatisfy(
                        each -> assertThat(each.fetch(transfer())).isEqualTo("it answers with status 403: not today"));

        assertThat(shown.poll(30, TimeUnit.SECONDS)).isEqualTo("Bearer " + TOKEN);
    }

    @Test
    void whoWasOnlyAnnouncedIsNotShownTheToken() throws Exception {
        for (PeerStores.Peer each : peers().all(List.of(address))) {
            assertThat(each.fetch(transfer())).contains("403");
        }

        assertThat(shown.poll(30, TimeUnit.SECONDS)).isEqualTo("null");
    }

    @Test
    void anAddressThatNobodyCanAskIsPassedOver() throws Exception {
        List<PeerStores.Peer> all = peers().all(List.of("file:///etc/passwd", "http://", "not an address", address));

        assertThat(all).hasSize(4).allSatisfy(each -> assertThat(each.fetch(transfer()))
                .isNotBlank());
        assertThat(directory.resolve("store").resolve("incoming")).doesNotExist();
    }

    @Test
    void aFileThatWouldLieElsewhereIsNotTaken() throws Exception {
        status = 201;
        answer = "{\"id\":\"a\",\"epoch\":\"e\",\"seq\":1,\"files\":[{\"name\":\"../../escaped\",\"bytes\":1}]}";

        assertThat(peers(address).all(List.of()).get(0).fetch(transfer())).contains("../../escaped");

        assertThat(directory.resolve("escaped")).doesNotExist();
        assertThat(transfer().isThere()).isFalse();
        assertThat(directory.resolve("store").resolve("incoming")).doesNotExist();
    }

    @Test
    void anAnswerThatIsNoCheckpointIsNotTaken() throws Exception {
        status = 201;
        answer = "<html>";

        assertThat(peers(address).all(List.of()).get(0).fetch(transfer())).contains("its answer is no checkpoint");
    }
}
