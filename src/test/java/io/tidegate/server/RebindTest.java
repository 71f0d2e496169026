package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who can have the port, and when. */
@Timeout(120)
class RebindTest {

    private static final String KEEPS_ITS_PORT_SHUT = "tidegate.tcp.reuse-address = off";

    @TempDir
    Path directory;

    @Test
    void restartHasThePortAtOnce() throws Exception {
        int port = leaveTimeWaitBehind("");

        try (Tidegate server = TestServer.start(directory, "tidegate.tcp.port = " + port);
                LineClient client = TestServer.client(server)) {
            assertThat(client.send("ping").line()).contains("pong");
        }
    }

    @Test
    void withoutReuseOfTheAddressThePortStaysShutForAMinute() throws Exception {
        int port = leaveTimeWaitBehind(KEEPS_ITS_PORT_SHUT);

        assertThatThrownBy(() -> TestServer.start(directory, "tidegate.tcp.port = " + port, KEEPS_ITS_PORT_SHUT))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot bind 127.0.0.1:" + port);
    }

    /** Ends a server that closes its connection first, and returns its port. */
    private int leaveTimeWaitBehind(String setting) throws Exception {
        try (Tidegate server = TestServer.start(directory, setting);
                LineClient client = TestServer.client(server)) {
            client.send("ping").line();
            var drained = server.drain("test").toCompletableFuture();
            assertThat(client.rest()).singleElement().asString().contains("goodbye");
            var clientAddress = (InetSocketAddress) client.socket().getLocalSocketAddress();
            client.socket().close();
            drained.join();
            assertThat(KernelTable.hasTimeWait(server.tcpAddress(), clientAddress))
                    .isTrue();
            return server.tcpAddress().getPort();
        }
    }

    @Test
    void twoServersShareAPortIfBothSaySo() throws Exception {
        String shares = "tidegate.tcp.reuse-port = on";
        try (Tidegate one = TestServer.start(directory.resolve("one"), shares)) {
            int port = one.tcpAddress().getPort();

            try (Tidegate other = TestServer.start(directory.resolve("other"), "tidegate.tcp.port = " + port, shares)) {
                assertThat(other.tcpAddress()).isEqualTo(one.tcpAddress());
            }
            assertThatThrownBy(() -> TestServer.start(directory.resolve("third"), "tidegate.tcp.port = " + port))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("cannot bind 127.0.0.1:" + port);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theNewerOfTwoServersGetsTheNewConnections() throws Exception {
        String shares = "tidegate.tcp.reuse-port = on";
        try (Tidegate older = TestServer.start(directory.resolve("older"), shares)) {
            String port = "tidegate.tcp.port = " + older.tcpAddress().getPort();

            try (Tidegate newer = TestServer.start(directory.resolve("newer"), port, shares)) {
                for (int i = 0; i < 30; i++) {
                    pingOnce(newer);
                }
                assertThat(older.connections().open()
                                + older.connections().totals().ended())
                        .isZero();
            }
            pingOnce(older);
        }
    }

    private static void pingOnce(Tidegate server) throws Exception {
        try (LineClient client = TestServer.client(server)) {
            assertThat(client.send("ping").line()).contains("pong");
        }
    }

    @Test
    void aPortIsNotSharedUnasked() throws Exception {
        try (Tidegate one = TestServer.start(directory.resolve("one"))) {
            int port = one.tcpAddress().getPort();

            assertThatThrownBy(() -> TestServer.start(
                            directory.resolve("other"), "tidegate.tcp.port = " + port, "tidegate.tcp.reuse-port = on"))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("cannot bind 127.0.0.1:" + port);
        }
    }
}
