package io.tidegate.jetstream;

import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings that a stream has to have so that nothing is lost in it which somebody has read. */
final class StreamDemands {

    private final JetStreamSettings settings;

    StreamDemands(JetStreamSettings settings) {
        this.settings = settings;
    }

    /** With what a stream is made. */
    StreamConfiguration configuration() {
        return StreamConfiguration.builder()
                .name(settings.stream())
                .subjects(settings.stream())
                .retentionPolicy(RetentionPolicy.Limits)
                .discardPolicy(DiscardPolicy.New)
                .storageType(StorageType.File)
                .replicas(settings.replicas())
                .maximumMessageSize(settings.maxMessageBytes())
                .denyDelete(true)
                .build();
    }

    private record Demand(String name, String is, String hasToBe, boolean isMet) {}

    /** What is wrong with a stream that is there, in one line. */
    Optional<String> complaint(StreamConfiguration stream) {
        return Stream.of(
                        new Demand(
                                "subjects",
                                stream.getSubjects().toString(),
                                List.of(settings.stream()).toString(),
                                stream.getSubjects().equals(List.of(settings.stream()))),
                        is(
                                "mirror or sources",
                                stream.getMirror() != null
                                        || !stream.getSources().isEmpty(),
                                false),
                        is("retention", stream.getRetentionPolicy(), RetentionPolicy.Limits),
                        is("storage", stream.getStorageType(), StorageType.File),
                        is("max_age", stream.getMaxAge().toNanos(), 0L),
                        is("max_msgs_per_subject", stream.getMaxMsgsPerSubject(), -1L),
                        unlessNewIsRefused("max_msgs", stream.getMaxMsgs(), stream),
                        unlessNewIsRefused("max_bytes", stream.getMaxBytes(), stream),
                        is("no_ack", stream.getNoAck(), false),
                        is("sealed", stream.getSealed(), false),
                        atLeast("num_replicas", stream.getReplicas(), settings.replicas()),
                        stream.getMaximumMessageSize() == -1
                                ? is("max_msg_size", -1, -1)
                                : atLeast("max_msg_size", stream.getMaximumMessageSize(), settings.maxMessageBytes()))
                .filter(demand -> !demand.isMet())
                .map(demand -> "the stream " + settings.stream() + " has " + demand.name() + "=" + demand.is()
                        + ", and has to have " + demand.hasToBe())
                .findFirst();
    }

    private static Demand is(String name, Object is, Object hasToBe) {
        return new Demand(name, is.toString(), hasToBe.toString(), is.equals(hasToBe));
    }

    /** A full stream may refuse what is new, and must not drop what is old. */
    private static Demand unlessNewIsRefused(String name, long is, StreamConfiguration stream) {
        return new Demand(
                name,
                Long.toString(is),
                "-1, or discard=new",
                is == -1 || stream.getDiscardPolicy() == DiscardPolicy.New);
    }

    private static Demand atLeast(String name, int is, int least) {
        return new Demand(name, Integer.toString(is), least + " or more", is >= least);
    }
}
