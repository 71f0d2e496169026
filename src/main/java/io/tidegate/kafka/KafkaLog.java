package io.tidegate.kafka;

import io.tidegate.shared.Appenders;
import io.tidegate.shared.SharedLog;
import io.tidegate.shared.SharedLogException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * A shared log that is the one partition of a topic of Kafka.
 *
 * <pre>
 *  append ─► Appender: a producer, until it has lost something ─┐
 *  poll ◄─── Tail: a consumer ◄─────────────────────────────────┤ topic
 *  end, start, trim ─► KafkaTopic ──────────────────────────────┘
 * </pre>
 *
 * <p>Offset and term are those of Kafka, a term being the epoch of a leader. What {@link #end} and the like answer comes on a thread
 * of Kafka's, which must not be kept.
 */
public final class KafkaLog implements SharedLog {

    /** What Kafka adds to an entry is less. */
    private static final int ENVELOPE_BYTES = 512;

    private final KafkaSettings settings;
    private final Admin admin;
    private final KafkaTopic topic;
    private final Tail tail;
    private final Appenders<Appender> appenders;

    private KafkaLog(KafkaSettings settings, Problems problems, Clients clients, Admin admin)
            throws SharedLogException {
        this.settings = settings;
        this.admin = admin;
        this.topic = KafkaTopic.open(admin, settings, problems);
        this.appenders =
                new Appenders<>(() -> new Appender(clients.producer(), topic.partition(), problems), Appender::close);
        try {
            this.tail = new Tail(clients, topic, settings, problems);
        } catch (SharedLogException e) {
            appenders.close();
            throw e;
        }
    }

    /**
     * Opens the log; the topic is made if it is missing. May block for a few seconds.
     *
     * @throws SharedLogException if Kafka does not answer, or the topic cannot be used
     */
    public static KafkaLog open(KafkaSettings settings) throws SharedLogException {
        var problems = new Problems(settings);
        var clients = Clients.of(settings, problems);
        Admin admin = clients.admin();
        try {
            return new KafkaLog(settings, problems, clients, admin);
        } catch (SharedLogException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    /** The id of the topic. */
    @Override
    public String identity() {
        return topic.identity();
    }

    @Override
    public int maxEntryBytes() {
        return settings.maxMessageBytes() - ENVELOPE_BYTES;
    }

    @Override
    public String entryLimit() {
        return "tidegate.kafka.max-message-bytes";
    }

    @Override
    public void append(byte[] bytes) throws SharedLogException {
        requireFit(bytes);
        appenders.current().append(bytes);
    }

    @Override
    public void mention(byte[] bytes) throws SharedLogException {
        requireFit(bytes);
        appenders.current().mention(bytes);
    }

    private void requireFit(byte[] bytes) {
        if (bytes.length > maxEntryBytes()) {
            throw new IllegalArgumentException(bytes.length + " bytes, at most " + maxEntryBytes());
        }
    }

    @Override
    public @Nullable String failure() {
        return appenders.current().failure();
    }

    @Override
    public void renew() throws SharedLogException {
        appenders.renew();
    }

    @Override
    public void seek(Place place) throws SharedLogException {
        tail.seek(place);
    }

    @Override
    public List<Entry> poll(Duration patience) throws SharedLogException {
        return tail.poll(patience);
    }

    @Override
    public CompletionStage<Long> end() {
        return topic.end();
    }

    @Override
    public CompletionStage<Long> start() {
        return topic.start();
    }

    @Override
    public CompletionStage<Long> offsetAt(long millis) {
        return topic.offsetAt(millis);
    }

    @Override
    public CompletionStage<Void> trim(long before) {
        return topic.trim(before);
    }

    @Override
    public void close() {
        appenders.close();
        tail.close();
        admin.close(Duration.ZERO);
    }
}
