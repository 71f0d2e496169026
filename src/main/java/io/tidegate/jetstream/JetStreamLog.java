package io.tidegate.jetstream;

import io.tidegate.jetstream.LogStream.Range;
import io.tidegate.shared.Appenders;
import io.tidegate.shared.SharedLog;
import io.tidegate.shared.SharedLogException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A shared log that is a stream of NATS JetStream.
 *
 * <pre>
 *  append ─► Appender: a connection, until something is lost on it ─┐
 *  poll ◄─── Tail ◄─── Cursor ◄─┬─ Link: another connection ◄───────┤ stream
 *  end, start, trim ─► LogStream┘ ◄─────────────────────────────────┘
 * </pre>
 *
 * <p>An offset is one less than the sequence of NATS. A stream has no terms: that of an entry is a hash of it and of when it was taken,
 * and where reading goes on the entry before is read once more. What {@link #end} and the like answer comes on a thread of the client's,
 * which must not be kept.
 */
public final class JetStreamLog implements SharedLog {

    private final JetStreamSettings settings;
    private final Link link;
    private final LogStream stream;
    private final Tail tail;
    private final int maxPayload;
    private final Appenders<Appender> appenders;

    private JetStreamLog(JetStreamSettings settings, Problems problems, Connections connections, Link link)
            throws SharedLogException {
        this.settings = settings;
        this.link = link;
        this.stream = LogStream.open(link, settings, problems);
        this.tail = new Tail(link, stream, settings, problems);
        this.maxPayload = (int)
                Math.min(Integer.MAX_VALUE, link.connection().getServerInfo().getMaxPayload());
        this.appenders = new Appenders<>(() -> new Appender(connections, settings, problems), Appender::close);
    }

    /**
     * Opens the log; the stream is made if it is missing. May block for a few seconds.
     *
     * @throws SharedLogException if NATS does not answer, or the stream cannot be used
     */
    public static JetStreamLog open(JetStreamSettings settings) throws SharedLogException {
        var problems = new Problems(settings);
        var connections = Connections.of(settings, problems);
        var link = new Link(connections);
        try {
            return new JetStreamLog(settings, problems, connections, link);
        } catch (SharedLogException e) {
            link.close();
            throw e;
        }
    }

    /** The name of the stream, and when it was made. */
    @Override
    public String identity() {
        return stream.identity();
    }

    @Override
    public int maxEntryBytes() {
        return Math.min(settings.maxMessageBytes(), maxPayload);
    }

    @Override
    public String entryLimit() {
        return maxPayload < settings.maxMessageBytes()
                ? "max_payload in the configuration of nats-server, which is " + maxPayload
                : "tidegate.jetstream.max-message-bytes";
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
        return stream.answers().told(stream.range().thenApply(Range::end));
    }

    @Override
    public CompletionStage<Long> start() {
        return stream.answers().told(stream.range().thenApply(Range::start));
    }

    @Override
    public CompletionStage<Void> trim(long before) {
        return stream.answers().told(stream.trim(before));
    }

    @Override
    public CompletionStage<Long> offsetAt(long millis) {
        return stream.answers().told(stream.offsetAt(millis));
    }

    @Override
    public void close() {
        appenders.close();
        link.close();
    }
}
