package io.tidegate.kafka;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.ClusterResourceListener;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Counts how often a consumer was told anew which topics there are: after each of these times it may read another topic of the same
 * name. Kafka tells that to deserializers that want to know, and to nobody else.
 */
final class MetadataNews extends ByteArrayDeserializer implements ClusterResourceListener {

    private final AtomicLong count = new AtomicLong();

    @Override
    public void onUpdate(ClusterResource cluster) {
        count.incrementAndGet();
    }

    long count() {
        return count.get();
    }
}
