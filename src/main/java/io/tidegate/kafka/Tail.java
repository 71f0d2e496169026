package io.tidegate.kafka;

import static java.util.Objects.requireNonNull;

import io.tidegate.kafka.KafkaTopic.Range;
import io.tidegate.shared.LogWatch;
import io.tidegate.shared.SharedLog.Entry;
import io.tidegate.shared.SharedLog.Place;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads the topic. Of one thread, but for {@link #close}. */
final class Tail {

    private static final byte[] NOTHING = {};

    private static final int NO_TERM = -1;

    private final Consumer<byte[], byte[]> consumer;
    private final MetadataNews news;
    private final KafkaTopic topic;
    private final TopicPartition partition;
    private final LogWatch watch;
    private final KafkaSettings settings;
    private final Problems problems;

    /** Whether a thread has the consumer, which only one may have; in the end it is given back no more. */
    private final AtomicBoolean isInUse = new AtomicBoolean();

    private volatile boolean isClosed;

    /** Read, and not yet known to be of our topic. */
    private List<Entry> unconfirmed = List.of();

    /** The news of the consumer as they were when the topic was last seen to be ours. */
    private long confirmedNews = -1;

    Tail(Clients clients, KafkaTopic topic, KafkaSettings settings, Problems problems) throws SharedLogException {
        this.news = new MetadataNews();
        this.consumer = clients.consumer(news);
        this.topic = topic;
        this.partition = topic.partition();
        this.watch = new LogWatch(topic::same, settings.checkInterval());
        this.settings = settings;
        this.problems = problems;
    }

    private interface Use<T> {
        T of(Consumer<byte[], byte[]> consumer) throws SharedLogException;
    }

    private <T> T use(Use<T> use) throws SharedLogException {
        if (!isInUse.compareAndSet(false, true)) {
            if (isClosed) {
                throw SharedLogException.closed();
            }
            throw new IllegalStateException("read by two threads");
        }
        try {
            if (isClosed) {
                throw SharedLogException.closed();
            }
            return use.of(consumer);
        } catch (LogTruncationException e) {
            throw lost(e);
        } catch (OffsetOutOfRangeException e) {
            throw outside(topic.range(), offset(e));
        } catch (KafkaException e) {
            throw problems.of(e);
        } catch (LinkageError e) {
            throw problems.compressed(e);
        } finally {
            isInUse.set(false);
            if (isClosed) {
                end();
            }
        }
    }

    void seek(Place place) throws SharedLogException {
        use(consumer -> {
            unconfirmed = List.of();
            Range range = topic.range();
            if (place.next() < range.start() || place.next() > range.end()) {
                throw outside(range, place.next());
            }
            consumer.assign(List.of(partition));
            Optional<Integer> term = place.term() == NO_TERM ? Optional.empty() : Optional.of(place.term());
            consumer.seek(partition, new OffsetAndMetadata(place.next(), term, ""));
            // Until then it is not known whether the term fits.
            return consumer.position(partition, settings.requestTimeout());
        });
    }

    private SharedLogException outside(Range range, long offset) {
        if (range.start() <= offset && offset <= range.end()) {
            return new SharedLogException(Kind.UNAVAILABLE, name() + " does not agree with itself on where it ends");
        }
        return offset < range.start()
                ? new SharedLogException(
                        Kind.TRIMMED,
                        name() + " begins at offset " + range.start() + ", and " + offset + " was to be read")
                : new SharedLogException(
                        Kind.DIVERGED,
                        name() + " has lost entries: it ends at offset " + range.end() + ", and was read up to "
                                + offset);
    }

    private long offset(OffsetOutOfRangeException e) {
        return requireNonNull(e.offsetOutOfRangePartitions().get(partition));
    }

    private SharedLogException lost(LogTruncationException e) {
        long next = offset(e);
        return new SharedLogException(
                Kind.DIVERGED,
                name() + " has lost entries: offset " + (next - 1)
                        + " was read, and is not there any more, or is another one",
                e);
    }

    private String name() {
        return "the topic " + settings.topic();
    }

    List<Entry> poll(Duration patience) throws SharedLogException {
        return use(consumer -> {
            watch.look();
            if (unconfirmed.isEmpty()) {
                unconfirmed = entries(consumer.poll(patience));
            }
            if (unconfirmed.isEmpty()) {
                watch.requireAnswer();
            } else {
                confirm();
            }
            List<Entry> confirmed = unconfirmed;
            unconfirmed = List.of();
            return confirmed;
        });
    }

    private List<Entry> entries(ConsumerRecords<byte[], byte[]> records) {
        List<Entry> entries = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> each : records) {
            // Somebody else may have written a record without a value.
            byte[] bytes = each.value() == null ? NOTHING : each.value();
            entries.add(new Entry(each.offset(), each.leaderEpoch().orElse(NO_TERM), each.timestamp(), bytes));
        }
        return entries;
    }

    /** The news that a consumer had before it gave out entries are the last that can concern them. */
    private void confirm() throws SharedLogException {
        long count = news.count();
        if (count != confirmedNews) {
            topic.answers().await(topic.same());
            confirmedNews = count;
        }
    }

    /** By any thread: one that reads is woken, and closes the consumer itself. */
    void close() {
        isClosed = true;
        consumer.wakeup();
        end();
    }

    private void end() {
        if (isInUse.compareAndSet(false, true)) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
