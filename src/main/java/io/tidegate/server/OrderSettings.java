package io.tidegate.server;

import io.tidegate.jetstream.JetStreamLog;
import io.tidegate.jetstream.JetStreamSettings;
import io.tidegate.kafka.KafkaLog;
import io.tidegate.kafka.KafkaSettings;
import io.tidegate.settings.Section;
import io.tidegate.settings.SettingsReader;
import io.tidegate.shared.SharedSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * By what the changes of the feed are put in order.
 *
 * @param limits where it is a log that several nodes share
 * @param peers from whom a node has the store that it does not have
 * @param kafka where it is a topic of Kafka
 * @param jetStream where it is a stream of NATS JetStream
 */
public record OrderSettings(
        Kind kind, SharedSettings limits, PeerSettings peers, KafkaSettings kafka, JetStreamSettings jetStream) {

    /** What decides. */
    public enum Kind {
        /** This server, alone. */
        LOCAL,
        /** A topic of Apache Kafka, for all nodes alike. */
        KAFKA,
        /** A stream of NATS JetStream, for all nodes alike. */
        JETSTREAM
    }

    private static final List<String> WORDS = List.of(Kind.values()).stream()
            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
            .toList();

    static OrderSettings from(SettingsReader reader) {
        Section feed = reader.section("feed");
        String word = feed.word("order", WORDS, each -> each.toLowerCase(Locale.ROOT));
        Kind kind = Kind.values()[WORDS.indexOf(word)];
        KafkaSettings kafka = KafkaSettings.from(reader.section("kafka"));
        if (kind == Kind.KAFKA && kafka.bootstrapServers().isEmpty()) {
            reader.section("kafka")
                    .misfit("tidegate.kafka.bootstrap-servers = []: needed are brokers, as tidegate.feed.order is"
                            + " kafka");
        }
        JetStreamSettings jetStream = JetStreamSettings.from(reader.section("jetstream"));
        if (kind == Kind.JETSTREAM && jetStream.servers().isEmpty()) {
            reader.section("jetstream")
                    .misfit("tidegate.jetstream.servers = []: needed are servers, as tidegate.feed.order is jetstream");
        }
        Section shared = reader.section("shared");
        return new OrderSettings(
                kind, SharedSettings.from(shared), PeerSettings.from(shared.section("peers")), kafka, jetStream);
    }

    /** How the log is opened; empty if nothing is shared. */
    Optional<SharedFeed.Opening> opening() {
        return switch (kind) {
            case LOCAL -> Optional.empty();
            case KAFKA -> Optional.of(() -> KafkaLog.open(kafka));
            case JETSTREAM -> Optional.of(() -> JetStreamLog.open(jetStream));
        };
    }
}
