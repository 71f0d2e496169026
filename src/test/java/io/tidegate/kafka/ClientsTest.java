package io.tidegate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientsTest {

    @TempDir
    private Path directory;

    private static KafkaSettings settings(Optional<Path> file, Map<String, String> client) {
        return new KafkaSettings(
                List.of("127.0.0.1:9092"),
                "tidegate",
                3,
                2,
                4 << 20,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                file,
                client);
    }

    private static SharedLogException refusal(KafkaSettings settings) {
        SharedLogException refusal = catchThrowableOfType(SharedLogException.class, () -> KafkaLog.open(settings));
        assertThat(refusal.kind()).isEqualTo(Kind.UNUSABLE);
        return refusal;
    }

    private SharedLogException refusalOfFile(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("client"), content);
        return refusal(settings(Optional.of(file), Map.of("security.protocol", "SSL")));
    }

    @Test
    void whatIsWrongWithTheFileOfSecretsIsToldWithoutThem() throws Exception {
        Path file = directory.resolve("client");

        assertThat(refusal(settings(Optional.of(file), Map.of())))
                .hasMessage("cannot read " + file + ": there is no such file");
        assertThat(refusalOfFile("ssl.key.pasword=hush\n"))
                .hasMessageStartingWith(file + ": ssl.key.pasword: allowed is what all clients of Kafka know");
        assertThat(refusalOfFile("acks=0\n")).hasMessageStartingWith(file + ": acks: allowed is what all");
        assertThat(refusalOfFile("ssl.truststore.password=hush\nsocket.connection.setup.timeout.ms=hush\n"))
                .hasMessage(file + ": socket.connection.setup.timeout.ms: allowed is a whole number");
        assertThat(refusalOfFile("security.protocol=PLAINTEXT\n"))
                .hasMessage(file + ": security.protocol is set in tidegate.kafka.client, too");
        assertThat(refusalOfFile("ssl.key.password=\\u00zz\n")).hasMessageStartingWith("cannot read " + file + ": ");
    }

    @Test
    void settingsThatKafkasClientsCannotUseAreToldInOneLine() {
        Path store = directory.resolve("trust.jks");
        Map<String, String> client = Map.of(
                "security.protocol",
                "SSL",
                "ssl.truststore.location",
                store.toString(),
                "ssl.truststore.password",
                "hush");

        assertThat(refusal(settings(Optional.empty(), client)))
                .hasMessage("the settings of Kafka's clients cannot be used (Failed to load SSL keystore " + store
                        + " of type JKS: there is no such file): see tidegate.kafka.client");
        assertThat(refusal(
                        settings(Optional.empty(), Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN"))))
                .hasMessageStartingWith("the settings of Kafka's clients cannot be used (Could not find a 'KafkaClient'"
                        + " entry in the JAAS configuration");
    }
}
