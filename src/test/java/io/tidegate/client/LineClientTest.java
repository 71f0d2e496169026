package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connecting to a server that is known by a name. */
@Timeout(30)
class LineClientTest {

    private static InetAddress address(int... octets) throws UnknownHostException {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return InetAddress.getByAddress(bytes);
    }

    @Test
    void allAddressesOfANameAreTried() throws Exception {
        InetAddress[] addresses = {address(127, 0, 0, 2), address(127, 0, 0, 1)};
        try (var server = FakeServer.with(peer -> peer.expect("ping"));
                LineClient client = LineClient.open(addresses, server.port(), 1_000)) {
            client.send("ping");
        }
    }

    @Test
    void whereNobodyListensTheFirstFailureIsTold() throws Exception {
        InetAddress[] addresses = {address(127, 0, 0, 2), address(127, 0, 0, 1)};
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> LineClient.open(addresses, port, 1_000))
                .satisfies(e -> assertThat(e.getMessage()).contains("refused"));
    }
}
