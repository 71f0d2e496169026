package io.tidegate.server;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.access.Access;
import io.tidegate.access.Attempts;
import io.tidegate.access.TestIdentities;
import io.tidegate.document.Change;
import io.tidegate.ledger.CloseReason;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server for whose clients identities are made up, and who may read and write one of two collections. */
abstract class IdentityFixture {

    static final Duration SWEEP = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    final TestTime time = new TestTime();
    final TestIdentities identities = new TestIdentities();

    /** Where something failed; from the second on nobody may try. */
    final List<InetAddress> failures = new CopyOnWriteArrayList<>();

    int mostFailures = 1000;

    @SuppressWarnings("NullAway.Init")
    Tidegate server;

    @BeforeEach
    void startServer() throws Exception {
        var attempts = new Attempts() {
            @Override
            public boolean mayTry(InetAddress address) {
                return failures.size() < mostFailures;
            }

            @Override
            public void failed(InetAddress address) {
                failures.add(address);
            }
        };
        server = TestServer.start(time, new Access(identities, attempts, time.wallClock()), directory);
        put("a", "x", "1");
        put("b", "y", "1");
        identities.with("desk", TestIdentities.rights("a", "a", false));
    }

    @AfterEach
    void stopServer() {
        TestServer.end(time, server);
    }

    void put(String collection, String key, String value) {
        var unused = server.publish(Change.put(collection, key, value))
                .toCompletableFuture()
                .join();
    }

    LineClient client() throws IOException {
        return TestServer.client(server);
    }

    static String auth(String name) {
        return "auth " + TestIdentities.tokenOf(name);
    }

    LineClient follower(String name, String request) throws IOException {
        LineClient client = client().send(auth(name), request);
        await(client, "caughtup");
        return client;
    }

    static String await(LineClient client, String text) throws IOException {
        String line = client.line();
        while (!line.contains(text)) {
            line = client.line();
        }
        return line;
    }

    static String code(String line) {
        return line.replaceAll("\\{\"event\":\"error\",\"code\":\"([a-z-]*)\".*", "$1");
    }

    void expire(String name, Duration in) {
        identities.with(
                name,
                TestIdentities.rights("a", "a", false),
                time.wallClock().instant().plus(in));
    }

    CloseReason reasonOfTheLast() {
        Await.until(() -> !server.connections().ended(1).isEmpty());
        return server.connections().ended(1).get(0).ending().reason();
    }
}
