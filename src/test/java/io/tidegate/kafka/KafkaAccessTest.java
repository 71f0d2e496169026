package io.tidegate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.document.OwnFiles;
import io.tidegate.shared.SharedLog.Place;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who a node is to Kafka, and what it may do there. */
class KafkaAccessTest {

    @TempDir
    private Path directory;

    private final KafkaBroker broker = KafkaBroker.shared();

    private final String topic = KafkaBroker.newTopic();

    private Path clientFile(String password) throws Exception {
        Path file = directory.resolve("client.properties");
        Files.createFile(file, OwnFiles.attributes(file));
        return Files.writeString(
                file,
                "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
                        + KafkaBroker.USER + "\" password=\"" + password + "\";\n");
    }

    private KafkaSettings login(String password) throws Exception {
        return new KafkaSettingsChange(broker.settings(topic))
                .servers(broker.loginAddress())
                .client(
                        Optional.of(clientFile(password)),
                        Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN"))
                .settings();
    }

    @Test
    void aNodeNeedsNoMoreThanTheRightsThatItTellsOf() throws Exception {
        KafkaSettings settings = login(KafkaBroker.PASSWORD);

        SharedLogException refused = catchThrowableOfType(SharedLogException.class, () -> KafkaLog.open(settings));
        assertThat(refused.kind()).isEqualTo(Kind.UNUSABLE);
        assertThat(refused)
                .hasMessageStartingWith(
                        "Kafka at " + broker.loginAddress() + " does not allow this node what it needs (")
                .hasMessageEndingWith("): Describe, DescribeConfigs, Read, Write and Delete on the topic " + topic
                        + ", and Create if that is missing");

        broker.allowUser(topic);
        try (KafkaLog log = KafkaLog.open(settings);
                KafkaLog other = KafkaLog.open(settings)) {
            log.append(new byte[] {1});
            other.seek(Place.START);
            assertThat(other.poll(Duration.ofMinutes(1))).hasSize(1);
            log.trim(1).toCompletableFuture().get(1, TimeUnit.MINUTES);
            assertThat(log.end().toCompletableFuture().get(1, TimeUnit.MINUTES)).isEqualTo(1);
            assertThat(log.failure()).isNull();
        }
    }

    @Test
    void aWrongPasswordIsToldInOneLineThatDoesNotHaveIt() throws Exception {
        KafkaSettings settings = login("wrong-secret");

        SharedLogException refused = catchThrowableOfType(SharedLogException.class, () -> KafkaLog.open(settings));

        assertThat(refused.kind()).isEqualTo(Kind.UNUSABLE);
        assertThat(refused)
                .hasMessage("Kafka at " + broker.loginAddress()
                        + " does not let this node in (Authentication failed: Invalid username or password):"
                        + " see tidegate.kafka.client");
    }
}
