package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.Await;
import io.tidegate.kernel.KernelSocket;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.LedgerEntry;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients in a network of their own, whose end of the wire is cut: no FIN and no RST ever comes. Since it makes an interface on
 * the machine, it runs with the long tests only ({@code mvn verify -Plong}). Needs root, and Linux.
 */
@Timeout(120)
class HalfOpenPeerTest {

    private static final String NAME = "tg" + ProcessHandle.current().pid() % 100_000;
    private static final String HERE = "169.254.213.1";
    private static final String THERE = "169.254.213.2";

    @TempDir
    Path directory;

    private final List<Process> clients = new ArrayList<>();

    private static boolean run(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @BeforeEach
    void makeNetwork() throws Exception {
        assumeTrue(Boolean.getBoolean("journey.long"), "an interface is made for the long tests only");
        assumeTrue(KernelSocket.isSupported(), "this system does not tell who answers");
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "the clients are of bash");
        boolean made =
                run("ip netns add %1$s && ip link add %1$s type veth peer name %1$sp && ip link set %1$sp netns %1$s"
                                .formatted(NAME)
                        + " && ip addr add %2$s/30 dev %1$s && ip link set %1$s up".formatted(NAME, HERE)
                        + " && ip netns exec %1$s ip addr add %2$s/30 dev %1$sp && ip netns exec %1$s ip link set %1$sp up"
                                .formatted(NAME, THERE));
        assumeTrue(made, "no network of one's own is permitted here");
    }

    @AfterEach
    void removeNetwork() throws Exception {
        clients.forEach(Process::destroyForcibly);
        boolean unused = run("ip link del %1$s; ip netns del %1$s".formatted(NAME));
    }

    /** The kernel goes on sending to the same hardware, where nobody has the address any more. */
    private static void cut() throws Exception {
        assertThat(run("ip neigh change %2$s dev %1$s nud permanent && ip netns exec %1$s ip addr flush dev %1$sp"
                        .formatted(NAME, THERE)))
                .isTrue();
    }

    private void client(int port, String request, String answer) throws Exception {
        String script = "exec 3<>/dev/tcp/" + HERE + "/" + port + "; printf '" + request + "' >&3; cat <&3";
        Process client = new ProcessBuilder("ip", "netns", "exec", NAME, "bash", "-c", script).start();
        clients.add(client);
        BufferedReader out = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.contains(answer)) {
            line = out.readLine();
        }
        assertThat(line).contains(answer);
    }

    @Test
    void quietFollowersThatVanishAreFoundByTheirHeartbeat() throws Exception {
        try (Tidegate server = TestServer.start(
                directory,
                "tidegate.tcp.host = \"" + HERE + "\", tidegate.http.host = \"" + HERE + "\"",
                "tidegate.connection { heartbeat-interval = 1 s, peer-timeout = 2 s, stall-timeout = 1 h }")) {
            client(server.tcpAddress().getPort(), "follow\\n", "subscribed");
            client(
                    server.httpAddress().getPort(),
                    "GET /v1/follow HTTP/1.1\\r\\nHost: " + HERE + "\\r\\nAccept: text/event-stream\\r\\n\\r\\n",
                    "subscribed");

            cut();

            Await.until(() -> server.connections().ended(2).size() == 2);
            assertThat(server.connections().ended(2))
                    .extracting(LedgerEntry::ending)
                    .allSatisfy(ending -> assertThat(ending.reason()).isEqualTo(CloseReason.UNREACHABLE));
        }
    }

    @Test
    void aClientThatOwesNothingIsFoundByTheKernelsProbes() throws Exception {
        try (Tidegate server = TestServer.start(
                directory,
                "tidegate.tcp.host = \"" + HERE + "\"",
                "tidegate.connection { heartbeat-interval = 1 s, peer-timeout = 3 s }")) {
            client(server.tcpAddress().getPort(), "ping\\n", "pong");

            cut();

            Await.until(() -> server.connections().ended(1).size() == 1);
            assertThat(server.connections().ended(1).get(0).ending().reason()).isEqualTo(CloseReason.PEER_RESET);
        }
    }
}
