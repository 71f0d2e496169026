package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.Which;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** How addresses are shown. */
class AddressesTest {

    private static InetAddress address(int first) throws UnknownHostException {
        return InetAddress.getByAddress(ByteBuffer.allocate(16)
                .putShort((short) first)
                .put(15, (byte) 1)
                .array());
    }

    @Test
    void onlyAnIpv6HostHasBrackets() throws Exception {
        assertThat(Addresses.shown("127.0.0.1", 8989)).isEqualTo("127.0.0.1:8989");
        assertThat(Addresses.shown("localhost", 8989)).isEqualTo("localhost:8989");
        assertThat(Addresses.shown("::1", 8989)).isEqualTo("[::1]:8989");
        assertThat(Addresses.shown(new InetSocketAddress(address(0xfe80), 1))).isEqualTo("[fe80:0:0:0:0:0:0:1]:1");
    }

    @Test
    void whatIsShownCanBeAskedFor() throws Exception {
        var address = new InetSocketAddress(address(0xfe80), 51234);

        assertThat(Which.Remote.parse(Addresses.shown(address)))
                .isEqualTo(new Which.Remote(address.getAddress(), 51234));
    }
}
