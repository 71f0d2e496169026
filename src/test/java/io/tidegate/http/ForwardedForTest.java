package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Network;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedForTest {

    private static final InetAddress PROXY = Network.address("10.0.0.1");

    private final ForwardedFor forwarded =
            new ForwardedFor(List.of(Network.parse("10.0.0.0/24"), Network.parse("2001:db8:1::/48")));

    private InetAddress origin(InetAddress peer, String... lines) {
        HttpRequest request = HttpRequest.of("GET", "/");
        for (String line : lines) {
            request = request.with("X-Forwarded-For", line);
        }
        return forwarded.origin(request, peer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.7                                 | 203.0.113.7",
                "198.51.100.1, 203.0.113.7                   | 203.0.113.7",
                "198.51.100.1,203.0.113.7, 10.0.0.2 ,10.0.0.3| 203.0.113.7",
                "not an address, 203.0.113.7                 | 203.0.113.7",
                "2001:db8::7                                 | 2001:db8::7",
                "203.0.113.7, 2001:db8:1::9                  | 203.0.113.7",
                "[2001:db8::7]                               | 2001:db8::7",
                "[2001:db8::7]:4711                          | 2001:db8::7",
                "203.0.113.7:4711                            | 203.0.113.7",
                "::ffff:203.0.113.7                          | 203.0.113.7",
                "203.0.113.7, ::ffff:10.0.0.2                | 203.0.113.7",
            })
    void theLastThatIsNoProxyCounts(String line, String origin) {
        assertThat(origin(PROXY, line)).isEqualTo(Network.address(origin));
    }

    @Test
    void severalLinesAreOne() {
        assertThat(origin(PROXY, "198.51.100.1", "203.0.113.7, 10.0.0.2", "10.0.0.3"))
                .isEqualTo(Network.address("203.0.113.7"));
    }

    @Test
    void whoIsNoProxyIsNotBelieved() {
        InetAddress stranger = Network.address("203.0.113.66");

        assertThat(origin(stranger, "198.51.100.1")).isEqualTo(stranger);
        assertThat(ForwardedFor.NONE.origin(HttpRequest.of("GET", "/").with("X-Forwarded-For", "198.51.100.1"), PROXY))
                .isEqualTo(PROXY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "203.0.113.7,",
                "203.0.113.7, unknown",
                "203.0.113.7, localhost",
                "203.0.113.7, 256.1.1.1",
                "203.0.113.7, 1.2.3",
                "203.0.113.7, 010.1.1.1",
                "203.0.113.7, [2001:db8::7",
                "203.0.113.7, 2001:db8::7%eth0",
                "203.0.113.7, 1:2:3",
                "203.0.113.7, 1.2.3.4:999999",
                "203.0.113.7, \"2001:db8::7\"",
                "203.0.113.7, for=198.51.100.1",
                "10.0.0.2, 10.0.0.3",
            })
    void ofWhatCannotBeReadTheProxyIsTheCaller(String line) {
        assertThat(origin(PROXY, line)).isEqualTo(PROXY);
    }

    @Test
    void aProxyThatSaysNothingAsksForItself() {
        assertThat(origin(PROXY)).isEqualTo(PROXY);
    }
}
