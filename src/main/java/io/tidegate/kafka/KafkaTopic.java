package io.tidegate.kafka;

import io.tidegate.shared.Answers;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DeleteRecordsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topic that has the log, as it is asked for: it is told by its id, since a topic of the same name may take its place. What it
 * answers comes on a thread of Kafka's, which must not be kept.
 */
final class KafkaTopic {

    /** Brokers hear of a new topic one after the other. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /** Of a time after the last entry. */
    private static final long NO_OFFSET = -1;

    private final Admin admin;
    private final KafkaSettings settings;
    private final Problems problems;
    private final Answers answers;
    private final TopicPartition partition;
    private final int timeoutMillis;

    private Uuid id = Uuid.ZERO_UUID;

    private KafkaTopic(Admin admin, KafkaSettings settings, Problems problems) {
        this.admin = admin;
        this.settings = settings;
        this.problems = problems;
        this.partition = new TopicPartition(settings.topic(), 0);
        this.timeoutMillis = Math.toIntExact(settings.requestTimeout().toMillis());
        this.answers = new Answers(problems::of, patienceMillis());
    }

    /**
     * Makes the topic if it is missing.
     *
     * @throws SharedLogException if it cannot be used as it is
     */
    static KafkaTopic open(Admin admin, KafkaSettings settings, Problems problems) throws SharedLogException {
        var topic = new KafkaTopic(admin, settings, problems);
        topic.open();
        return topic;
    }

    private void open() throws SharedLogException {
        boolean isMade = false;
        long start = System.nanoTime();
        while (id.equals(Uuid.ZERO_UUID)) {
            try {
                TopicDescription description = answer(description());
                if (!isMade) {
                    check(description);
                }
                id = description.topicId();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
                        || System.nanoTime() - start > settings.requestTimeout().toNanos()) {
                    throw problems.of(e);
                }
                isMade |= make();
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        }
    }

    /** Whether it was this node that made it. */
    private boolean make() throws SharedLogException {
        var demands = new TopicDemands(settings);
        var topic = new NewTopic(settings.topic(), 1, (short) settings.replicationFactor()).configs(demands.configs());
        try {
            answer(admin.createTopics(List.of(topic), new CreateTopicsOptions().timeoutMs(timeoutMillis))
                    .all());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            if (e.getCause() instanceof InvalidReplicationFactorException
                    || e.getCause() instanceof PolicyViolationException) {
                throw new SharedLogException(
                        Kind.UNUSABLE,
                        "the topic " + settings.topic() + " cannot be made with tidegate.kafka.replication-factor = "
                                + settings.replicationFactor() + ": "
                                + e.getCause().getMessage(),
                        e);
            }
            throw problems.of(e);
        }
    }

    private void check(TopicDescription description) throws SharedLogException, ExecutionException {
        if (description.topicId().equals(Uuid.ZERO_UUID)) {
            throw new SharedLogException(Kind.UNUSABLE, "Kafka tells no ids of topics: 2.8 or newer is needed");
        }
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, settings.topic());
        Config config = answer(
                only(admin.describeConfigs(List.of(resource), new DescribeConfigsOptions().timeoutMs(timeoutMillis))
                        .values()));
        var complaint = new TopicDemands(settings)
                .complaint(
                        description.partitions().size(),
                        description.partitions().get(0).replicas().size(),
                        name -> value(config, name));
        if (complaint.isPresent()) {
            throw new SharedLogException(Kind.UNUSABLE, complaint.get());
        }
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null ? "" : String.valueOf(entry.value());
    }

    private KafkaFuture<TopicDescription> description() {
        return only(
                admin.describeTopics(List.of(settings.topic()), new DescribeTopicsOptions().timeoutMs(timeoutMillis))
                        .topicNameValues());
    }

    /** The answer to a question about one thing. */
    private static <T> KafkaFuture<T> only(Map<?, KafkaFuture<T>> answers) {
        return answers.values().iterator().next();
    }

    private <T> T answer(KafkaFuture<T> future) throws SharedLogException, ExecutionException {
        try {
            return future.get(patienceMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw problems.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw problems.of(e);
        }
    }

    /** Kafka's own limit of time comes first. */
    private long patienceMillis() {
        return 2L * timeoutMillis;
    }

    TopicPartition partition() {
        return partition;
    }

    String identity() {
        return id.toString();
    }

    /** Fails if another topic has its place. */
    CompletionStage<Void> same() {
        return answers.told(description().toCompletionStage().thenCompose(this::same));
    }

    private CompletionStage<Void> same(TopicDescription description) {
        return description.topicId().equals(id)
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(new SharedLogException(
                        Kind.DIVERGED,
                        "the topic " + settings.topic() + " is another one: its id is " + description.topicId()
                                + ", and was " + id));
    }

    CompletionStage<Long> start() {
        return answers.told(offset(OffsetSpec.earliest()));
    }

    CompletionStage<Long> end() {
        return answers.told(offset(OffsetSpec.latest()));
    }

    CompletionStage<Long> offsetAt(long millis) {
        return answers.told(offset(OffsetSpec.forTimestamp(millis))
                .thenCompose(found ->
                        found == NO_OFFSET ? offset(OffsetSpec.latest()) : CompletableFuture.completedStage(found)));
    }

    /** Offsets of what can be read: from start, and less than end. */
    record Range(long start, long end) {}

    Range range() throws SharedLogException {
        return answers.await(
                answers.told(offset(OffsetSpec.earliest()).thenCombine(offset(OffsetSpec.latest()), Range::new)));
    }

    private CompletionStage<Long> offset(OffsetSpec spec) {
        CompletionStage<ListOffsetsResultInfo> found = admin.listOffsets(
                        Map.of(partition, spec), new ListOffsetsOptions().timeoutMs(timeoutMillis))
                .partitionResult(partition)
                .toCompletionStage();
        return same().thenCombine(found, (nothing, info) -> info.offset());
    }

    CompletionStage<Void> trim(long before) {
        // The other way round, entries of another topic might go.
        return answers.told(same().thenCompose(nothing -> only(admin.deleteRecords(
                                        Map.of(partition, RecordsToDelete.beforeOffset(before)),
                                        new DeleteRecordsOptions().timeoutMs(timeoutMillis))
                                .lowWatermarks())
                        .toCompletionStage())
                .thenAccept(deleted -> {}));
    }

    Answers answers() {
        return answers;
    }
}
