package io.tidegate.kafka;

import io.tidegate.shared.ClientFile;
import io.tidegate.shared.SharedLogException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Makes the three clients of Kafka that a log needs. Each has connections of its own, so that none waits behind another. */
final class Clients {

    /** Names each client of this process: they share its JMX beans. */
    private static final AtomicLong COUNT = new AtomicLong();

    private static final int IN_FLIGHT = 5;

    private static final int BATCH_BYTES = 64 << 10;

    private final KafkaSettings settings;
    private final Problems problems;
    private final Map<String, Object> common;

    private Clients(KafkaSettings settings, Problems problems, Map<String, Object> common) {
        this.settings = settings;
        this.problems = problems;
        this.common = common;
    }

    /**
     * Reads what the operator says of the clients.
     *
     * @throws SharedLogException if that cannot be used
     */
    static Clients of(KafkaSettings settings, Problems problems) throws SharedLogException {
        Map<String, Object> common = new HashMap<>(ClientFile.over(
                settings.client(), settings.clientFile(), new CommonSettings(), "tidegate.kafka.client"));
        common.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, String.join(",", settings.bootstrapServers()));
        common.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(settings.requestTimeout().toMillis()));
        common.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        return new Clients(settings, problems, common);
    }

    /** Asks about the topic, and never waits behind somebody who reads it. */
    Admin admin() throws SharedLogException {
        Map<String, Object> config = config("admin");
        config.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(settings.requestTimeout().toMillis()));
        return made(config, Admin::create);
    }

    /** Reads on from the place that it is told, and never chooses another by itself. */
    Consumer<byte[], byte[]> consumer(Deserializer<byte[]> deserializer) throws SharedLogException {
        Map<String, Object> config = config("consumer");
        config.put(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(settings.requestTimeout().toMillis()));
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, settings.maxMessageBytes());
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, settings.maxMessageBytes());
        return made(config, all -> new KafkaConsumer<>(all, new ByteArrayDeserializer(), deserializer));
    }

    /** Keeps the order of what it is given, and writes each of it once, for as long as it loses nothing. */
    Producer<byte[], byte[]> producer() throws SharedLogException {
        Map<String, Object> config = config("producer");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, IN_FLIGHT);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Math.toIntExact(settings.deliveryTimeout().toMillis()));
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.requestTimeout().toMillis());
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, settings.maxMessageBytes());
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L * settings.maxMessageBytes());
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return made(config, all -> new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    private Map<String, Object> config(String role) {
        Map<String, Object> config = new HashMap<>(common);
        config.put(AdminClientConfig.CLIENT_ID_CONFIG, "tidegate-" + role + "-" + COUNT.incrementAndGet());
        return config;
    }

    private <C> C made(Map<String, Object> config, Function<Map<String, Object>, C> maker) throws SharedLogException {
        try {
            return maker.apply(config);
        } catch (KafkaException e) {
            throw problems.making(e);
        }
    }
}
