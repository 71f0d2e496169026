package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, 9.255.255.255, false",
        "192.168.1.128/25, 192.168.1.128, true",
        "192.168.1.128/25, 192.168.1.127, false",
        "192.168.1.200/25, 192.168.1.130, true",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "::1, ::1, true",
        "::ffff:10.0.0.1, 10.0.0.1, true",
    })
    void includesAddressesThatBeginAlike(String network, String address, boolean isIncluded) {
        assertThat(Network.parse(network).includes(Network.address(address))).isEqualTo(isIncluded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0",
                "10.0.0.0/33",
                "999.1.1.1",
                "1.2.3.256",
                "010.1.1.1",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "::1/129",
                "1:2",
                "256.0.0.1",
                "10.0.0.1 ",
                "example.org/8",
                "abc",
            })
    void nothingElseIsANetwork(String text) {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Network.parse(text));
    }

    @Test
    void anAddressCountsForItselfAndOfTheNewOnesForItsCustomer() {
        assertThat(Network.of(Network.address("10.0.0.1")))
                .isEqualTo(Network.parse("10.0.0.1"))
                .isNotEqualTo(Network.of(Network.address("10.0.0.2")));
        assertThat(Network.of(Network.address("2001:db8:1:2:3::4")))
                .isEqualTo(Network.of(Network.address("2001:db8:1:2:ffff::1")))
                .isNotEqualTo(Network.of(Network.address("2001:db8:1:3:3::4")))
                .hasToString("2001:db8:1:2:0:0:0:0/64");
    }
}
