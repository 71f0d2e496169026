package io.tidegate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tidegate.settings.SettingsReader;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Of which losses it is told. */
class AppenderTest {

    private static final KafkaSettings SETTINGS =
            KafkaSettings.from(new SettingsReader(ConfigFactory.parseResources("reference.conf")).section("kafka"));

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());

    private final Appender appender = new Appender(producer, new TopicPartition("t", 0), new Problems(SETTINGS));

    @Test
    void whatWasAppendedAndMayBeLostIsTold() throws Exception {
        appender.append(new byte[] {1});
        producer.errorNext(new TimeoutException("late"));

        assertThat(appender.failure()).isNotNull();
    }

    @Test
    void whatNobodyMissesIsNot() throws Exception {
        appender.mention(new byte[] {1});
        producer.errorNext(new TimeoutException("late"));

        assertThat(producer.history()).hasSize(1);
        assertThat(appender.failure()).isNull();
    }
}
