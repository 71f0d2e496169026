package io.tidegate.metrics;

import io.tidegate.access.FailureReason;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.FeedStatus;
import io.tidegate.ledger.Census;
import io.tidegate.reload.Reloader;
import io.tidegate.tls.Expiry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one server, in the text format of Prometheus; what each means is in {@code docs/operations.md}.
 *
 * <p>A server adds what there is to watch as it comes up. Thread-safe.
 */
public final class Metrics {

    /** Media type of {@link #text}. */
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Families families = new Families();
    private final FeedMetrics feedMetrics = new FeedMetrics(families);

    private volatile @Nullable Supplier<FeedStatus> feed;
    private volatile @Nullable Supplier<CompletionStage<Census>> connections;

    // What the text that is being written is made from, so that each is looked at once. Guarded by this.
    private @Nullable FeedStatus feedStatus;
    private @Nullable Census census;

    private Metrics() {}

    /** Metrics of a process in which nothing is up yet. */
    public static Metrics create() {
        var metrics = new Metrics();
        metrics.families.addRuntime();
        return metrics;
    }

    /** What the feed tells of each commit. */
    public CommitObserver commits() {
        return feedMetrics;
    }

    /** Adds which program runs, and on which Java. */
    public void watchBuild(String version, String java) {
        families.info(
                "tidegate_build_info",
                "Always 1: the version of the server, and of the Java that it runs on.",
                List.of("version", "java"),
                version,
                java);
    }

    /**
     * Adds the state of the server.
     *
     * @param states all that there are
     */
    public void watchState(List<String> states, Supplier<String> state) {
        families.gauge(
                "tidegate_state",
                "1 for the state that the server is in, 0 for the others.",
                List.of("state"),
                values -> {
                    String current = state.get();
                    states.forEach(each -> values.add(each.equals(current) ? 1 : 0, each));
                });
    }

    /**
     * Adds the drain.
     *
     * @param phase its number, 0 while there is none
     * @param stragglers connections that were told to end and have not
     * @param left how long it takes at most until every connection has ended
     */
    public void watchDrain(IntSupplier phase, LongSupplier stragglers, Supplier<Duration> left) {
        families.gauge(
                "tidegate_drain_phase", "Number of the drain's phase; 0 while the server runs.", phase::getAsInt);
        families.gauge(
                "tidegate_drain_stragglers",
                "Connections that were told to end more than a second ago and have not; counted during a drain.",
                stragglers::getAsLong);
        families.gauge(
                "tidegate_drain_left_seconds",
                "How long the drain takes at most until every connection has ended.",
                () -> left.get().toNanos() / 1e9);
    }

    /**
     * Adds the feed.
     *
     * @param epoch the present one
     * @param durability what an acknowledgement means
     */
    public void watchFeed(Supplier<FeedStatus> status, Supplier<String> epoch, String durability) {
        feed = status;
        feedMetrics.register(() -> feedStatus, epoch, durability);
    }

    /**
     * Adds the connections.
     *
     * @param sums asks for them
     * @param refused connections that were refused since the start
     * @param unaccepted clients that were reset with the listeners, while they waited to be accepted
     */
    public void watchConnections(
            Supplier<CompletionStage<Census>> sums, LongSupplier refused, LongSupplier unaccepted) {
        connections = sums;
        new ConnectionMetrics(families, () -> census).register(refused, unaccepted);
    }

    /**
     * Adds how a node shares its feed.
     *
     * @param lag entries of the shared log that it has not read yet
     * @param underWay groups that it has proposed and not read yet
     * @param renewals how often something that it had proposed may have been lost
     * @param fences how many lives of nodes, its own or others', were ended in the log
     * @param strays entries of other programs
     * @param isHalted whether it reads no further, such as at a record of a newer version
     */
    public void watchOrder(
            LongSupplier lag,
            IntSupplier underWay,
            LongSupplier renewals,
            LongSupplier fences,
            LongSupplier strays,
            BooleanSupplier isHalted) {
        families.gauge(
                "tidegate_order_lag_entries",
                "Entries of the shared log that this node has not read yet.",
                lag::getAsLong);
        families.gauge(
                "tidegate_order_proposals_in_flight",
                "Groups of changes that this node has proposed and not read yet.",
                underWay::getAsInt);
        families.counter(
                "tidegate_order_renewals_total",
                "How often something that this node had proposed may have been lost.",
                renewals::getAsLong);
        families.counter(
                "tidegate_order_fences_total",
                "Fences that were read: records behind which nothing counts of what a node had proposed before.",
                fences::getAsLong);
        families.gauge(
                "tidegate_order_halted",
                "1 while this node reads the shared log no further, such as at a record of a newer version.",
                () -> isHalted.getAsBoolean() ? 1 : 0);
        families.counter(
                "tidegate_order_strays_total",
                "Entries of the shared log that other programs have written, and that were passed over.",
                strays::getAsLong);
    }

    /** Adds how often files were read anew. */
    public void watchReloads(Supplier<List<Reloader.Count>> reloads) {
        families.counter(
                "tidegate_reloads_total",
                "How often files that had changed, or settings, were read anew, by result.",
                List.of("what", "result"),
                values -> reloads.get()
                        .forEach(each -> values.add(
                                (double) each.times(),
                                each.what(),
                                each.result().code())));
    }

    /** Adds how often somebody was nobody. */
    public void watchFailures(Supplier<Map<FailureReason, Long>> failures) {
        families.counter(
                "tidegate_auth_failures_total",
                "Tokens and certificates that were nobody's, by reason.",
                List.of("reason"),
                values -> failures.get().forEach((reason, count) -> values.add((double) count, reason.toString())));
    }

    /** Adds how often identities had or did as much as they may. */
    public void watchAllowances(Supplier<Map<String, Long>> limits) {
        families.counter(
                "tidegate_identity_limits_total",
                "How often an identity had all its connections or snapshots, or was held back since it had published as much as it may.",
                List.of("limit"),
                values -> limits.get().forEach((limit, count) -> values.add((double) count, limit)));
    }

    /** Adds until when certificates are valid. */
    public void watchCertificates(Supplier<List<Expiry.Validity>> validities) {
        families.gauge(
                "tidegate_certificate_expires_seconds",
                "For how long a certificate is still valid; negative once it has expired.",
                List.of("listener", "subject"),
                values -> validities
                        .get()
                        .forEach(
                                each -> values.add((double) each.left().toSeconds(), each.listener(), each.subject())));
    }

    /** All values as they are now. Never fails: what cannot be had is left out. */
    public CompletionStage<String> text() {
        Supplier<CompletionStage<Census>> sums = connections;
        CompletionStage<@Nullable Census> asked = sums == null
                ? CompletableFuture.completedStage(null)
                : sums.get().exceptionally(failure -> null);
        return asked.thenApply(this::text);
    }

    private synchronized String text(@Nullable Census now) {
        Supplier<FeedStatus> status = feed;
        feedStatus = status == null ? null : status.get();
        census = now;
        return families.text();
    }
}
