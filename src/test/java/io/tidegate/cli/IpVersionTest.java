package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IPv4 alone is bound where IPv4 alone is asked for. */
class IpVersionTest {

    @BeforeEach
    @AfterEach
    void forget() {
        System.clearProperty(IpVersion.ONLY_IPV4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "0.0.0.0 | 127.0.0.1 | 10.0.0.7 | true",
                "0.0.0.0 | 127.0.0.1 | \"::1\" | null",
                "\"::\"  | 127.0.0.1 | 10.0.0.7 | null",
                "0.0.0.0 | localhost | 10.0.0.7 | null",
                "{}      | 127.0.0.1 | 10.0.0.7 | null"
            })
    void itFollowsFromTheHosts(String tcp, String http, String admin, @Nullable String chosen) {
        IpVersion.choose(ConfigFactory.parseString(
                "tidegate { tcp.host = " + tcp + ", http.host = " + http + ", admin.host = " + admin + " }"));

        assertThat(System.getProperty(IpVersion.ONLY_IPV4)).isEqualTo(chosen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void whatTheUserSaidStands(String said) {
        System.setProperty(IpVersion.ONLY_IPV4, said);

        IpVersion.choose(ConfigFactory.parseString("tidegate { tcp.host = 0.0.0.0, http.host = 0.0.0.0 }"));

        assertThat(System.getProperty(IpVersion.ONLY_IPV4)).isEqualTo(said);
    }
}
