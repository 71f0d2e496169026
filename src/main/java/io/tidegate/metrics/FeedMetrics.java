package io.tidegate.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import io.tidegate.feed.Batch;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.FeedStatus;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The feed and its store. Each commit costs two entries in histograms and two for each of its batches, whatever the number of
 * their updates.
 */
final class FeedMetrics implements CommitObserver {

    private static final double NANOS = 1e9;

    private static final double[] SECONDS = {
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10
    };

    private static final double[] UPDATES = {1, 4, 16, 64, 256, 1024, 4096, 16_384};
    private static final double[] BYTES = {256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 16_777_216};

    private final Families families;
    private final Histogram commitSeconds;
    private final Histogram publishSeconds;
    private final Histogram batchUpdates;
    private final Histogram batchBytes;
    private final AtomicLong failures = new AtomicLong();

    FeedMetrics(Families families) {
        this.families = families;
        commitSeconds = families.histogram(
                "tidegate_commit_seconds", "How long the store took to make a commit durable.", SECONDS);
        publishSeconds = families.histogram(
                "tidegate_publish_seconds",
                "From a change's arrival in the queue to its acknowledgement: of each commit the change that waited longest.",
                SECONDS);
        batchUpdates = families.histogram("tidegate_batch_updates", "Updates in a batch.", UPDATES);
        batchBytes = families.histogram("tidegate_batch_bytes", "Stored bytes of a batch.", BYTES);
        families.counter("tidegate_commit_failures_total", "Commits that the store did not take.", failures::get);
    }

    @Override
    public void committed(List<Batch> batches, long storeNanos, long longestWaitNanos) {
        commitSeconds.observe(storeNanos / NANOS);
        publishSeconds.observe(longestWaitNanos / NANOS);
        for (Batch batch : batches) {
            batchUpdates.observe(batch.count());
            batchBytes.observe(batch.stored().length);
        }
    }

    @Override
    public void failed() {
        failures.incrementAndGet();
    }

    /** Adds what can be read from a feed that is there. */
    void register(Supplier<@Nullable FeedStatus> feed, Supplier<String> epoch, String durability) {
        families.counter(
                "tidegate_updates_committed_total",
                "Updates committed since the start.",
                List.of(),
                one(feed, FeedStatus::committedUpdates));
        gauge("tidegate_head_seq", "Sequence number of the last committed update.", feed, FeedStatus::head);
        gauge(
                "tidegate_queue_updates",
                "Changes that wait for their commit; publishers are held back at feed.queue.updates.",
                feed,
                FeedStatus::queuedUpdates);
        gauge(
                "tidegate_queue_bytes",
                "About how many bytes these are; publishers are held back at feed.queue.bytes.",
                feed,
                FeedStatus::queuedBytes);
        registerFollowers(feed);
        registerStore(feed, epoch, durability);
    }

    private void registerFollowers(Supplier<@Nullable FeedStatus> feed) {
        gauge("tidegate_subscriptions", "Followers that are sent updates.", feed, FeedStatus::subscriptions);
        gauge(
                "tidegate_subscriptions_lagging",
                "Those of them whose clients have not been given an update that was committed more than a second ago.",
                feed,
                FeedStatus::lagging);
        gauge(
                "tidegate_subscription_lag_max_updates",
                "Committed updates that the follower that is farthest behind has not been given.",
                feed,
                FeedStatus::largestLag);
    }

    private void registerStore(Supplier<@Nullable FeedStatus> feed, Supplier<String> epoch, String durability) {
        gauge(
                "tidegate_log_updates",
                "Updates in the log, which can be resumed from.",
                feed,
                FeedStatus::retainedUpdates);
        gauge("tidegate_log_bytes", "Bytes of the batches in the log.", feed, FeedStatus::retainedBytes);
        gauge(
                "tidegate_store_failed",
                "1 if the store refused the last commit, 0 while it works.",
                feed,
                status -> status.storeFailure() == null ? 0 : 1);
        families.counter(
                "tidegate_store_corruptions_total",
                "Reads and writes that came upon something damaged in the store.",
                List.of(),
                one(feed, FeedStatus::corruptions));
        families.gauge(
                "tidegate_store",
                "Always 1: the epoch of the log, and what an acknowledgement means.",
                List.of("epoch", "durability"),
                values -> values.add(1, epoch.get(), durability));
    }

    private void gauge(
            String name, String help, Supplier<@Nullable FeedStatus> feed, ToDoubleFunction<FeedStatus> value) {
        families.gauge(name, help, List.of(), one(feed, value));
    }

    private static Consumer<Families.Values> one(
            Supplier<@Nullable FeedStatus> feed, ToDoubleFunction<FeedStatus> value) {
        return values -> {
            FeedStatus status = feed.get();
            if (status != null) {
                values.add(value.applyAsDouble(status));
            }
        };
    }
}
