package io.tidegate.kafka;

import io.tidegate.shared.SharedLogException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The life of one producer: what it is handed arrives in order and once, or it says that something may be lost. */
final class Appender {

    private final Producer<byte[], byte[]> producer;
    private final TopicPartition partition;
    private final Problems problems;

    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    Appender(Producer<byte[], byte[]> producer, TopicPartition partition, Problems problems) {
        this.producer = producer;
        this.partition = partition;
        this.problems = problems;
    }

    void append(byte[] bytes) throws SharedLogException {
        append(bytes, new Outcome(failure));
    }

    /** Whether it arrives matters to nobody. */
    void mention(byte[] bytes) throws SharedLogException {
        append(bytes, new Outcome(new AtomicReference<>()));
    }

    private void append(byte[] bytes, Outcome outcome) throws SharedLogException {
        try {
            var unused =
                    producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, bytes), outcome);
        } catch (KafkaException | IllegalStateException e) {
            throw problems.of(e);
        }
        outcome.handedOver();
    }

    @Nullable
    String failure() {
        return failure.get();
    }

    void close() {
        producer.close(Duration.ZERO);
    }

    /** What becomes of one entry. Told while it is being handed over, by the same thread, it was never in the producer's hands. */
    private final class Outcome implements Callback {

        private final Thread appending = Thread.currentThread();
        private final AtomicReference<@Nullable String> loss;

        private boolean isHandedOver;

        private @Nullable Exception refusal;

        /** @param loss where it is told that it may be lost, unless something is told there already */
        Outcome(AtomicReference<@Nullable String> loss) {
            this.loss = loss;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
            if (exception == null) {
                return;
            }
            if (Thread.currentThread() == appending && !isHandedOver) {
                refusal = exception;
            } else {
                loss.compareAndSet(null, problems.losing(exception));
            }
        }

        void handedOver() throws SharedLogException {
            isHandedOver = true;
            if (refusal != null) {
                throw problems.of(refusal);
            }
        }
    }
}
