package io.tidegate.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tidegate.settings.SettingsReader;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JetStreamSettingsTest {

    private static final String NAMES =
            "username, password, token, keyStore, keyStorePassword, trustStore, trustStorePassword, tls.first or"
                    + " inbox.prefix";

    /** Reads what was told, over the defaults. */
    private static SettingsReader reader(String told) {
        return new SettingsReader(ConfigFactory.parseString("tidegate.jetstream {" + told + "}")
                .withFallback(ConfigFactory.parseResources("reference.conf").withOnlyPath("tidegate.jetstream")));
    }

    private static JetStreamSettings settings(SettingsReader reader) {
        return JetStreamSettings.from(reader.section("jetstream"));
    }

    private static Optional<String> complaint(String told) {
        SettingsReader reader = reader(told);
        var unused = settings(reader);
        return reader.complaint();
    }

    @Test
    void theDefaultsLoseNothingWhenAServerIsLost() {
        SettingsReader reader = reader("");

        JetStreamSettings settings = settings(reader);

        assertThat(reader.complaint()).isEmpty();
        assertThat(settings.servers()).isEmpty();
        assertThat(settings.stream()).isEqualTo("tidegate");
        assertThat(settings.replicas()).isEqualTo(3);
        assertThat(settings.deliveryTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.credentialsFile()).isEmpty();
        assertThat(settings.client()).isEmpty();
    }

    @Test
    void whatTheClientIsToldIsPassedOnAsText() {
        SettingsReader reader = reader("servers = [\"nats://a:1\", \"tls://[::1]:4222\"],"
                + " client { username = node, trustStore = /etc/trust, tls.first = true }");

        JetStreamSettings settings = settings(reader);

        assertThat(reader.complaint()).isEmpty();
        assertThat(settings.servers()).containsExactly("nats://a:1", "tls://[::1]:4222");
        assertThat(settings.client())
                .containsEntry("username", "node")
                .containsEntry("trustStore", "/etc/trust")
                .containsEntry("tls.first", "true")
                .hasSize(3);
    }

    @Test
    void secretsAreShownNowhere() {
        SettingsReader reader =
                reader("client { username = node, password = hush, token = hush, trustStorePassword = hush,"
                        + " keyStorePassword = hush, pasword = hush }");

        JetStreamSettings settings = settings(reader);

        assertThat(reader.lines())
                .contains("tidegate.jetstream.client.username = \"node\"  # String: 1")
                .contains("# tidegate.jetstream.client.password is set, and not shown  # String: 1")
                .noneMatch(line -> line.contains("hush"));
        assertThat(settings.toString()).doesNotContain("hush");
        assertThat(reader.complaint().orElseThrow())
                .doesNotContain("hush")
                .startsWith("tidegate.jetstream.client.pasword")
                .endsWith("did you mean password? Allowed is " + NAMES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "servers = [localhost] | a list of nats://host:port or tls://host:port, such as",
                "servers = [\"nats://node:hush@localhost:4222\"] | a list of nats://host:port or tls://host:port, such"
                        + " as",
                "servers = [\"nats://localhost:70000\"] | a list of nats://host:port or tls://host:port, such as",
                "stream = a.b | the name of a stream: 1 to 64 of a-z, A-Z, 0-9, _ -",
                "replicas = 6 | a whole number from 1 to 5",
                "max-message-bytes = 1 KiB | a size from 64 KiB to 64 MiB",
                "delivery-timeout = 2 s | no less than tidegate.jetstream.request-timeout",
                "client { tls.first = 1 } | true or false",
            })
    void whatIsNotAllowedIsToldWithWhatIs(String told, String allowed) {
        assertThat(complaint(told).orElseThrow()).contains(": allowed is " + allowed);
    }
}
