package io.tidegate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.shared.SharedLog.Place;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import io.tidegate.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node speaks to Kafka over TLS, by what is set in {@code tidegate.kafka.client}. */
class KafkaTlsTest {

    @TempDir
    private Path directory;

    private final KafkaBroker broker = KafkaBroker.shared();

    private final String topic = KafkaBroker.newTopic();

    private Map<String, String> trusting(TestCertificates authority) throws IOException {
        Path file = Files.writeString(directory.resolve("authority.pem"), authority.pem());
        return new HashMap<>(Map.of(
                "security.protocol", "SSL", "ssl.truststore.type", "PEM", "ssl.truststore.location", file.toString()));
    }

    private Map<String, String> showing(TestCertificates issuer, Map<String, String> client) throws IOException {
        var issued = issuer.client(KafkaBroker.CERTIFIED).issue();
        Path file = Files.writeString(directory.resolve("node.pem"), issued.keyPem() + issued.chainPem());
        client.put("ssl.keystore.type", "PEM");
        client.put("ssl.keystore.location", file.toString());
        return client;
    }

    private KafkaSettings settings(String address, Map<String, String> client) {
        return new KafkaSettingsChange(broker.settings(topic))
                .servers(address)
                .client(Optional.empty(), client)
                .settings();
    }

    private void assertReadsWhatItWrites(KafkaSettings settings) throws Exception {
        try (KafkaLog log = KafkaLog.open(settings)) {
            log.append(new byte[] {1, 2});
            log.seek(Place.START);
            assertThat(log.poll(Duration.ofMinutes(1))).singleElement().satisfies(entry -> assertThat(entry.bytes())
                    .containsExactly(1, 2));
            assertThat(log.failure()).isNull();
        }
    }

    private static void assertRefused(KafkaSettings settings, String line) {
        SharedLogException refused = catchThrowableOfType(SharedLogException.class, () -> KafkaLog.open(settings));
        assertThat(refused).hasMessage(line);
        assertThat(refused.kind()).isEqualTo(Kind.UNUSABLE);
    }

    @Test
    void aNodeIsLetInByItsCertificate() throws Exception {
        assertReadsWhatItWrites(
                settings(broker.tlsAddress(), showing(broker.authority(), trusting(broker.authority()))));
    }

    @Test
    void aBrokerThatIsSignedBySomebodyElseIsNotTrusted() throws Exception {
        TestCertificates other = TestCertificates.authority("other");

        assertRefused(
                settings(broker.tlsAddress(), showing(broker.authority(), trusting(other))),
                "this node does not trust the certificate of Kafka at " + broker.tlsAddress()
                        + " (SSL handshake failed: "
                        + "unable to find valid certification path to requested target): see ssl.truststore.… in"
                        + " tidegate.kafka.client");
    }

    @Test
    void aNodeWithoutACertificateOrWithSomebodyElsesIsNotLetIn() throws Exception {
        TestCertificates other = TestCertificates.authority("other");
        String refused =
                "Kafka at " + broker.tlsAddress() + " does not take the certificate of this node (Failed to process"
                        + " post-handshake messages: Received fatal alert: bad_certificate): see ssl.keystore.… in"
                        + " tidegate.kafka.client";

        assertRefused(settings(broker.tlsAddress(), trusting(broker.authority())), refused);
        assertRefused(settings(broker.tlsAddress(), showing(other, trusting(broker.authority()))), refused);
    }

    @Test
    void aPasswordMayBeSentOverTls() throws Exception {
        Map<String, String> client = trusting(broker.authority());
        client.put("security.protocol", "SASL_SSL");
        client.put("sasl.mechanism", "PLAIN");
        client.put("sasl.jaas.config", login("wrong-secret"));
        assertRefused(
                settings(broker.tlsLoginAddress(), client),
                "Kafka at " + broker.tlsLoginAddress()
                        + " does not let this node in (Authentication failed: Invalid username"
                        + " or password): see tidegate.kafka.client");

        broker.allowUser(topic);
        client.put("sasl.jaas.config", login(KafkaBroker.PASSWORD));
        assertReadsWhatItWrites(settings(broker.tlsLoginAddress(), client));
    }

    private static String login(String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + KafkaBroker.USER
                + "\" password=\"" + password + "\";";
    }
}
