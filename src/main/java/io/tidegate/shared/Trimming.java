package io.tidegate.shared;

import io.tidegate.document.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the log begin later: what every node has in its store, and is older than is kept for nodes that are away, is dropped from it. Every
 * node does so; that another one has before changes nothing.
 */
final class Trimming {

    private static final Logger LOG = LoggerFactory.getLogger(Trimming.class);

    private final SharedLog log;
    private final SharedSettings.Trim settings;
    private final LongSupplier millis;
    private final LongSupplier storedByAll;

    // Used by one thread at a time, but for what comes from the log.
    private boolean hasLooked;
    private long lookedAtNanos;
    private volatile boolean isAsking;
    private volatile boolean failed;

    /**
     * Of a log.
     *
     * @param millis time of the newest entry that was read here
     * @param storedByAll up to which offset no node that is known needs the log any more
     */
    Trimming(SharedLog log, SharedSettings.Trim settings, LongSupplier millis, LongSupplier storedByAll) {
        this.log = log;
        this.settings = settings;
        this.millis = millis;
        this.storedByAll = storedByAll;
    }

    /** Time passes. Does not block. */
    void look(long nowNanos) {
        if (!hasLooked) {
            // Until the next look it is heard who is there, and what they need.
            hasLooked = true;
            lookedAtNanos = nowNanos;
        }
        long since = millis.getAsLong() - settings.keepFor().toMillis();
        boolean isDue = nowNanos - lookedAtNanos >= settings.interval().toNanos() && since > 0;
        if (!settings.isOn() || !isDue || isAsking) {
            return;
        }
        lookedAtNanos = nowNanos;
        isAsking = true;
        var unused = log.offsetAt(since)
                .thenCompose(kept -> log.start().thenCompose(start -> {
                    long before = Math.min(kept, storedByAll.getAsLong());
                    return before > start ? log.trim(before).thenApply(nothing -> before) : noTrim();
                }))
                .whenComplete(this::trimmed);
    }

    private static CompletionStage<Long> noTrim() {
        return CompletableFuture.completedStage(-1L);
    }

    private void trimmed(@Nullable Long before, @Nullable Throwable failure) {
        isAsking = false;
        if (failure != null) {
            if (!failed) {
                LOG.warn("The shared log cannot be trimmed: {}", Reason.of(failure));
            }
        } else if (before != null && before >= 0) {
            LOG.info("The shared log begins at offset {} from now on", before);
        }
        failed = failure != null;
    }
}
