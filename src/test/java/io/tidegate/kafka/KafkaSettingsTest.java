package io.tidegate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tidegate.settings.SettingsReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSettingsTest {

    private static final String NAMES =
            "what all clients of Kafka know, such as security.protocol, ssl.… and sasl.…, and the server does not set itself";

    /** Reads what was told, over the defaults. */
    private static SettingsReader reader(String told) {
        return new SettingsReader(ConfigFactory.parseString("tidegate.kafka {" + told + "}")
                .withFallback(ConfigFactory.parseResources("reference.conf").withOnlyPath("tidegate.kafka")));
    }

    private static KafkaSettings settings(SettingsReader reader) {
        return KafkaSettings.from(reader.section("kafka"));
    }

    private static Optional<String> complaint(String told) {
        SettingsReader reader = reader(told);
        var unused = settings(reader);
        return reader.complaint();
    }

    @Test
    void theDefaultsLoseNothingWhenABrokerIsLost() {
        SettingsReader reader = reader("");

        KafkaSettings settings = settings(reader);

        assertThat(reader.complaint()).isEmpty();
        assertThat(settings.bootstrapServers()).isEmpty();
        assertThat(settings.replicationFactor()).isEqualTo(3);
        assertThat(settings.minInsyncReplicas()).isEqualTo(2);
        assertThat(settings.deliveryTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.client()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 2", "5, 3"})
    void aMajorityHasToHaveAChangeUnlessSomethingElseIsSaid(int replicationFactor, int majority) {
        assertThat(settings(reader("replication-factor = " + replicationFactor)).minInsyncReplicas())
                .isEqualTo(majority);
    }

    @Test
    void whatKafkasClientsAreToldIsPassedOnAsText() {
        SettingsReader reader = reader(
                "bootstrap-servers = [\"a:1\", \"[::1]:9092\"], client { security.protocol = SSL,"
                        + " \"ssl.truststore.location\" = /etc/trust, reconnect.backoff.ms = 100, ssl.enabled.protocols = [TLSv1.3] }");

        KafkaSettings settings = settings(reader);

        assertThat(reader.complaint()).isEmpty();
        assertThat(settings.bootstrapServers()).containsExactly("a:1", "[::1]:9092");
        assertThat(settings.client())
                .containsEntry("security.protocol", "SSL")
                .containsEntry("ssl.truststore.location", "/etc/trust")
                .containsEntry("reconnect.backoff.ms", "100")
                .containsEntry("ssl.enabled.protocols", "TLSv1.3")
                .hasSize(4);
    }

    @Test
    void secretsAreShownNowhere() {
        SettingsReader reader = reader("client { ssl.key.password = hush, sasl { jaas.config = \"password=hush\","
                + " mechanism = PLAIN }, ssl.keystore.pasword = hush, ssl.keystore.location = 5 }");

        KafkaSettings settings = settings(reader);

        assertThat(reader.lines())
                .contains("# tidegate.kafka.client.ssl.key.password is set, and not shown  # String: 1")
                .contains("# tidegate.kafka.client.sasl.jaas.config is set, and not shown  # String: 1")
                .contains("tidegate.kafka.client.sasl.mechanism = \"PLAIN\"  # String: 1")
                .noneMatch(line -> line.contains("hush"));
        assertThat(reader.complaint())
                .hasValue("tidegate.kafka.client.ssl.keystore.pasword: did you mean ssl.keystore.password? Allowed is "
                        + NAMES);
        assertThat(settings.toString()).doesNotContain("hush");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bootstrap-servers = [\"a\"] | tidegate.kafka.bootstrap-servers = [a]: allowed is a list of host:port,"
                        + " such as [\"kafka-1.example:9092\"]",
                "bootstrap-servers = [\"a:70000\"] | tidegate.kafka.bootstrap-servers = [a:70000]: allowed is a list of"
                        + " host:port, such as [\"kafka-1.example:9092\"]",
                "topic = \"a b\" | tidegate.kafka.topic = a b: allowed is the name of a topic: 1 to 249 of a-z, A-Z, 0-9, . _ -",
                "topic = .. | tidegate.kafka.topic = ..: allowed is the name of a topic: 1 to 249 of a-z, A-Z, 0-9, . _ -",
                "min-insync-replicas = 4 | tidegate.kafka.min-insync-replicas = 4: allowed is no more than"
                        + " tidegate.kafka.replication-factor",
                "min-insync-replicas = 1 | tidegate.kafka.min-insync-replicas = 1: allowed is 2 or more unless"
                        + " tidegate.kafka.replication-factor is 1",
                "delivery-timeout = 4 s | tidegate.kafka.delivery-timeout = 4 s: allowed is no less than"
                        + " tidegate.kafka.request-timeout",
                "client = 5 | tidegate.kafka.client = 5: allowed is a section, tidegate.kafka.client { … }",
                "client.acks = 1 | tidegate.kafka.client.acks: allowed is " + NAMES,
                "client.client.id = a | tidegate.kafka.client.client.id: allowed is " + NAMES,
                "client.request.timeout.ms = 5 | tidegate.kafka.client.request.timeout.ms: allowed is " + NAMES,
                "client.security.protocol = TLS | tidegate.kafka.client.security.protocol = TLS: allowed is"
                        + " (case insensitive) [SASL_SSL, PLAINTEXT, SSL, SASL_PLAINTEXT]",
                "client.reconnect.backoff.ms = soon | tidegate.kafka.client.reconnect.backoff.ms = soon: allowed is [0,...]",
                "client.sasl.kerberos.min.time.before.relogin = soon |"
                        + " tidegate.kafka.client.sasl.kerberos.min.time.before.relogin = soon: allowed is a whole number",
            })
    void whatIsNotAllowedIsToldWithWhatIs(String told, String line) {
        assertThat(complaint(told))
                .hasValueSatisfying(complaint -> assertThat(complaint).startsWith(line));
    }

    private static final KafkaSettings THREE = settings(reader(""));

    private static Optional<String> complaintOfTopic(int replicas, String name, String value) {
        var demands = new TopicDemands(THREE);
        return demands.complaint(
                1,
                replicas,
                asked -> asked.equals(name) ? value : demands.configs().getOrDefault(asked, ""));
    }

    @Test
    void aTopicThatMayLoseWhatWasReadIsRefused() {
        assertThat(complaintOfTopic(3, "", "")).isEmpty();
        assertThat(complaintOfTopic(3, "min.insync.replicas", "3")).isEmpty();
        assertThat(complaintOfTopic(3, "min.insync.replicas", "1"))
                .hasValue("the topic tidegate has min.insync.replicas=1, and has to have 2 or more");
        assertThat(complaintOfTopic(2, "", ""))
                .hasValue(
                        "the topic tidegate has the replication factor 2, and tidegate.kafka.replication-factor is 3");
    }

    @Test
    void aTopicThatCouldNotBeReadIsRefused() {
        for (String codec : List.of("producer", "gzip", "zstd", "snappy", "lz4")) {
            assertThat(complaintOfTopic(3, "compression.type", codec))
                    .hasValue("the topic tidegate has compression.type=" + codec + ", and has to have uncompressed");
        }
        assertThat(complaintOfTopic(3, "", "")).isEmpty();
    }
}
