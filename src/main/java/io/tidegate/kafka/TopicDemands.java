package io.tidegate.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.config.TopicConfig;

/** The settings that a topic has to have so that nothing is lost in it which somebody has read, and nobody's clock counts. */
final class TopicDemands {

    private final KafkaSettings settings;

    TopicDemands(KafkaSettings settings) {
        this.settings = settings;
    }

    /** With what a topic is made. */
    Map<String, String> configs() {
        Map<String, String> configs = new LinkedHashMap<>(exact());
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(settings.maxMessageBytes()));
        configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(settings.minInsyncReplicas()));
        if (settings.replicationFactor() == 1) {
            configs.put(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, "1");
        }
        return configs;
    }

    private static Map<String, String> exact() {
        Map<String, String> exact = new LinkedHashMap<>();
        exact.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        exact.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
        exact.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        exact.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        exact.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        // By "producer" another program could write what the nodes cannot read, which takes native code, or what is a
        // thousand times
        // as large as it looks: as it is, brokers store it in the open, and see how large it is.
        exact.put(TopicConfig.COMPRESSION_TYPE_CONFIG, "uncompressed");
        return exact;
    }

    /**
     * What is wrong with a topic that is there, in one line.
     *
     * @param configs value of each of its settings
     */
    Optional<String> complaint(int partitions, int replicas, Function<String, String> configs) {
        if (partitions != 1) {
            return Optional.of(topic() + " has " + partitions + " partitions, and has to have 1");
        }
        if (replicas < settings.replicationFactor()) {
            return Optional.of(topic() + " has the replication factor " + replicas
                    + ", and tidegate.kafka.replication-factor is " + settings.replicationFactor());
        }
        Map<String, Demand> demands = demands(replicas);
        return demands.entrySet().stream()
                .filter(each -> !each.getValue().isMet().test(configs.apply(each.getKey())))
                .map(each -> topic() + " has " + each.getKey() + "=" + configs.apply(each.getKey())
                        + ", and has to have " + each.getValue().allowed())
                .findFirst();
    }

    private record Demand(String allowed, Predicate<String> isMet) {}

    private Map<String, Demand> demands(int replicas) {
        Map<String, Demand> demands = new LinkedHashMap<>();
        exact().forEach((name, value) -> demands.put(name, new Demand(value, value::equals)));
        demands.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, atLeast(settings.maxMessageBytes()));
        demands.put(
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                atLeast(replicas == 1 ? 1 : Math.max(2, settings.minInsyncReplicas())));
        if (replicas == 1) {
            // The only copy: what was confirmed has to be on the disk.
            demands.put(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, new Demand("1", "1"::equals));
        }
        return demands;
    }

    private static Demand atLeast(long least) {
        return new Demand(least + " or more", value -> isAtLeast(value, least));
    }

    private static boolean isAtLeast(String value, long least) {
        return value.matches("\\d{1,18}") && Long.parseLong(value) >= least;
    }

    private String topic() {
        return "the topic " + settings.topic();
    }
}
