package io.tidegate.shared;

import io.tidegate.shared.SharedLogException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then whether a log is still the same, and whether it answers: what reads it tells neither, it may go on in another log
 * of the same name, and waits for a server as for entries. Of one thread.
 */
public final class LogWatch {

    private final Supplier<CompletionStage<Void>> same;
    private final long intervalNanos;

    private CompletableFuture<Void> look = CompletableFuture.completedFuture(null);
    private long lookedNanos;

    /** Of the last look that came to an end. */
    private @Nullable SharedLogException complaint;

    /**
     * A watch that begins to look after an interval.
     *
     * @param same asks whether the log is the same; fails with a {@link SharedLogException} if it is not, or does not answer
     */
    public LogWatch(Supplier<CompletionStage<Void>> same, Duration interval) {
        this.same = same;
        this.intervalNanos = interval.toNanos();
        this.lookedNanos = System.nanoTime();
    }

    /**
     * Looks if it is time to; does not wait.
     *
     * @throws SharedLogException if the log was found to be another one
     */
    public void look() throws SharedLogException {
        if (look.isDone()) {
            complaint = outcome(look);
            long now = System.nanoTime();
            if (complaint != null || now - lookedNanos >= intervalNanos) {
                lookedNanos = now;
                look = same.get().toCompletableFuture();
            }
        }
        if (complaint != null && complaint.kind() == Kind.DIVERGED) {
            throw complaint;
        }
    }

    /**
     * To be asked where nothing came.
     *
     * @throws SharedLogException if the log did not answer when it was asked last
     */
    public void requireAnswer() throws SharedLogException {
        if (complaint != null) {
            throw complaint;
        }
    }

    private static @Nullable SharedLogException outcome(CompletableFuture<Void> look) {
        try {
            look.join();
            return null;
        } catch (CompletionException e) {
            return (SharedLogException) e.getCause();
        }
    }
}
