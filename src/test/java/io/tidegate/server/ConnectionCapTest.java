package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients see that are too many. */
@Timeout(120)
class ConnectionCapTest {

    private static final String TOLD = "{\"event\":\"error\",\"code\":\"too-many-connections\"";

    @TempDir
    Path directory;

    private final List<LineClient> clients = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    @BeforeEach
    void fill() throws Exception {
        server = TestServer.start(directory, "tidegate.connection.max-connections = 2");
        for (int i = 0; i < 2; i++) {
            assertThat(client().send("ping").line()).contains("pong");
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (LineClient client : clients) {
            client.close();
        }
        server.close();
    }

    private LineClient client() throws IOException {
        LineClient client = TestServer.client(server);
        clients.add(client);
        return client;
    }

    @Test
    void oneTooManyIsToldSoAndGetsAFin() throws Exception {
        assertThat(client().rest()).singleElement().asString().startsWith(TOLD);
        assertThat(server.connections().open()).isEqualTo(2);
    }

    @Test
    void whatItSentDoesNotTurnItsFinIntoAReset() throws Exception {
        LineClient refused = client();
        refused.send("put a k 1\n".repeat(20_000));

        assertThat(refused.rest()).singleElement().asString().startsWith(TOLD);
    }

    @Test
    void thoseThatAreServedNoticeNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(client().rest()).singleElement().asString().startsWith(TOLD);
        }

        assertThat(clients.get(0).send("put a k 1").line()).contains("accepted");
    }

    @Test
    void aPlaceThatWasGivenUpIsGivenToTheNext() throws Exception {
        clients.get(0).close();

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String answer;
        do {
            answer = client().send("ping").line();
        } while (answer.startsWith(TOLD) && System.nanoTime() < deadline);
        assertThat(answer).contains("pong");
    }

    @Test
    void oneThatDoesNotCloseItsSideIsResetSoon() throws Exception {
        LineClient refused = client();
        assertThat(refused.rest()).hasSize(1);

        assertThatThrownBy(() -> {
                    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                    while (System.nanoTime() < deadline) {
                        refused.send("ping");
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    @Test
    void moreThanCanBeWaitedForAreReset() throws Exception {
        int told = 0;
        int reset = 0;
        for (int i = 0; i < 400; i++) {
            try {
                assertThat(client().rest()).singleElement().asString().startsWith(TOLD);
                told++;
            } catch (SocketException e) {
                reset++;
            }
        }

        assertThat(told).isPositive();
        assertThat(reset).isPositive();
        assertThat(clients.get(0).send("ping").line()).contains("pong");
    }
}
