package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.TestTime;
import io.tidegate.access.Access;
import io.tidegate.access.Attempts;
import io.tidegate.access.TestIdentities;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients for whom a proxy asks by HTTP. */
@Timeout(120)
class ForwardedTest {

    @TempDir
    Path directory;

    private final TestTime time = new TestTime();
    private final TestIdentities identities = new TestIdentities().with("desk", TestIdentities.rights("*", "*", false));
    private final List<String> failures = new CopyOnWriteArrayList<>();

    private Tidegate start(String proxies) throws StartException {
        var attempts = new Attempts() {
            @Override
            public boolean mayTry(InetAddress address) {
                return true;
            }

            @Override
            public void failed(InetAddress address) {
                failures.add(address.getHostAddress());
            }
        };
        return TestServer.start(
                time,
                new Access(identities, attempts, time.wallClock()),
                directory,
                "tidegate.audit.file = \"" + directory.resolve("audit.log") + "\"",
                "tidegate.proxy { " + proxies + " }");
    }

    private static void failFor(Tidegate server, String... clients) throws IOException {
        try (var proxy = new HttpSocket(server)) {
            for (String client : clients) {
                assertThat(proxy.send("GET /v1/documents", "Authorization: Bearer wrong", "X-Forwarded-For: " + client)
                                .response()
                                .status())
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void countForThemselvesAndAreToldOfByTheirAddress() throws Exception {
        Tidegate server = start("trusted = [\"127.0.0.1\"]");
        try {
            failFor(server, "203.0.113.7", "198.51.100.1, 2001:db8::7", "garbage");

            assertThat(failures).containsExactly("203.0.113.7", "2001:db8:0:0:0:0:0:7", "127.0.0.1");
            Path audit = directory.resolve("audit.log");
            Await.until(() -> audit.toFile().length() > 0 && lines(audit).size() == 3);
            assertThat(lines(audit).get(0)).contains("\"address\":\"203.0.113.7\"");
        } finally {
            TestServer.end(time, server);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void countWithTheirPeerIfThatIsNotTrusted() throws Exception {
        Tidegate server = start("trusted = [\"10.0.0.1\"]");
        try {
            failFor(server, "203.0.113.7");

            assertThat(failures).containsExactly("127.0.0.1");
        } finally {
            TestServer.end(time, server);
        }
    }

    @Test
    void areListedByTheirAddressWhenTheyFollow() throws Exception {
        Tidegate server = start("trusted = [\"127.0.0.1\"]");
        try (var client = new HttpSocket(server)) {
            client.send(
                    "GET /v1/follow",
                    "Authorization: Bearer " + TestIdentities.tokenOf("desk"),
                    "Accept: text/event-stream",
                    "X-Forwarded-For: 203.0.113.7");

            Await.until(() -> peers(server).equals("[/203.0.113.7:0]"));
        } finally {
            TestServer.end(time, server);
        }
    }

    private static String peers(Tidegate server) {
        return server.connections().list().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join().stream()
                .map(each -> each.peer().toString())
                .toList()
                .toString();
    }
}
