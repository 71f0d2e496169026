package io.tidegate.kafka;

import static io.tidegate.settings.Section.mib;

import io.tidegate.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the shared log is, and what it has to promise.
 *
 * @param bootstrapServers where the cluster is asked for its brokers first, as host:port; empty if there is none
 * @param topic of which the log is the one partition; made if it is missing
 * @param replicationFactor on how many brokers each entry is, at least
 * @param minInsyncReplicas on how many of them it has to be before anybody reads it
 * @param maxMessageBytes of an entry with what Kafka adds to it
 * @param requestTimeout how long an answer is waited for
 * @param deliveryTimeout after which an entry that is not confirmed may be lost
 * @param checkInterval how often it is looked whether the topic is still the same, and whether Kafka answers
 * @param clientFile settings of Kafka's clients that not everybody may see
 * @param client settings of Kafka's clients
 */
public record KafkaSettings(
        List<String> bootstrapServers,
        String topic,
        int replicationFactor,
        int minInsyncReplicas,
        int maxMessageBytes,
        Duration requestTimeout,
        Duration deliveryTimeout,
        Duration checkInterval,
        Optional<Path> clientFile,
        Map<String, String> client) {

    private static final Pattern SERVER = Pattern.compile("([\\p{Alnum}._-]+|\\[[\\p{XDigit}:.]+]):(\\d{1,5})");

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private static final int MOST_REPLICAS = 100;

    /** Reads {@code tidegate.kafka}. */
    public static KafkaSettings from(Section kafka) {
        int replicationFactor = kafka.number("replication-factor", 1, MOST_REPLICAS);
        Duration requestTimeout = kafka.duration("request-timeout", Duration.ofSeconds(1), Duration.ofMinutes(1));
        Duration deliveryTimeout = kafka.duration("delivery-timeout", Duration.ofSeconds(1), Duration.ofMinutes(10));
        if (deliveryTimeout.compareTo(requestTimeout) < 0) {
            kafka.misfit(
                    kafka.shown("delivery-timeout") + ": allowed is no less than " + kafka.name() + ".request-timeout");
        }
        return new KafkaSettings(
                kafka.list(
                        "bootstrap-servers",
                        "a list of host:port, such as [\"kafka-1.example:9092\"]",
                        KafkaSettings::isServer),
                kafka.text("topic", "the name of a topic: 1 to 249 of a-z, A-Z, 0-9, . _ -", KafkaSettings::isTopic),
                replicationFactor,
                minInsyncReplicas(kafka, replicationFactor),
                kafka.bytes("max-message-bytes", mib(1), mib(64)),
                requestTimeout,
                deliveryTimeout,
                kafka.duration("check-interval", Duration.ofSeconds(1), Duration.ofHours(1)),
                kafka.fileIfNamed("client-file"),
                kafka.foreign("client", new CommonSettings()));
    }

    /** A majority, unless it is said. */
    private static int minInsyncReplicas(Section kafka, int replicationFactor) {
        int said = kafka.numberOrAuto("min-insync-replicas", 1, MOST_REPLICAS, replicationFactor / 2 + 1);
        if (said > replicationFactor) {
            kafka.misfit(kafka.shown("min-insync-replicas") + ": allowed is no more than " + kafka.name()
                    + ".replication-factor");
        } else if (said == 1 && replicationFactor > 1) {
            // The one broker that has an entry may be lost with it, while the others are well.
            kafka.misfit(kafka.shown("min-insync-replicas") + ": allowed is 2 or more unless " + kafka.name()
                    + ".replication-factor is 1");
        }
        return said;
    }

    private static boolean isServer(String text) {
        var server = SERVER.matcher(text);
        if (!server.matches()) {
            return false;
        }
        int port = Integer.parseInt(server.group(2));
        return port >= 1 && port <= 65_535;
    }

    private static boolean isTopic(String name) {
        return TOPIC.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    }

    /** What is in a record is written by its name for it, and passwords are in this one. */
    @Override
    public String toString() {
        return "topic " + topic + " of " + bootstrapServers;
    }
}
