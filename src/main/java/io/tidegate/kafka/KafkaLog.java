package io.tidegate.kafka;

import io.tidegate.shared.SharedLog;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
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
    private final Problems problems;
    private final Clients clients;
    private final Admin admin;
    private final KafkaTopic topic;
    private final Tail tail;

    private volatile Appender appender;

    private volatile boolean isClosed;

    private KafkaLog(KafkaSettings settings, Problems problems, Clients clients, Admin admin)
            throws SharedLogException {
        this.settings = settings;
        this.problems = problems;
        this.clients = clients;
        this.admin = admin;
        this.topic = KafkaTopic.open(admin, settings, problems);
        this.appender = newAppender();
        try {
            this.tail = new Tail(clients, topic, settings, problems);
        } catch (SharedLogException e) {
            appender.close();
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

    private Appender newAppender() throws SharedLogException {
        return new Appender(clients.producer(), topic.partition(), problems);
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
        appender.append(bytes);
    }

    @Override
    public void mention(byte[] bytes) throws SharedLogException {
        requireFit(bytes);
        appender.mention(bytes);
    }

    private void requireFit(byte[] bytes) {
        if (bytes.length > maxEntryBytes()) {
            throw new IllegalArgumentException(bytes.length + " bytes, at most " + maxEntryBytes());
        }
    }

    @Override
    public @Nullable String failure() {
        return appender.failure();
    }

    @Override
    public void renew() throws SharedLogException {
        Appender next = newAppender();
        Appender former = appender;
        appender = next;
        former.close();
        if (isClosed) {
            // Meanwhile, and who closed the log may have closed the former only.
            next.close();
            throw new SharedLogException(Kind.UNAVAILABLE, "the shared log is closed");
        }
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
        isClosed = true;
        appender.close();
        tail.close();
        admin.close(Duration.ZERO);
    }
}
