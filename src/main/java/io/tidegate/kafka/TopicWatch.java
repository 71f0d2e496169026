package io.tidegate.kafka;

import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then whether the topic is still the same, and whether Kafka answers: a consumer tells neither, it goes on in
 * another topic of the same name, and waits for a broker as for entries. Of one thread.
 */
final class TopicWatch {

    private final KafkaTopic topic;
    private final long intervalNanos;

    private CompletableFuture<Void> look = CompletableFuture.completedFuture(null);
    private long lookedNanos;

    /** Of the last look that came to an end. */
    private @Nullable SharedLogException complaint;

    TopicWatch(KafkaTopic topic, Duration interval) {
        this.topic = topic;
        this.intervalNanos = interval.toNanos();
        this.lookedNanos = System.nanoTime();
    }

    /**
     * Looks if it is time to; does not wait.
     *
     * @throws SharedLogException if the topic was found to be another one
     */
    void look() throws SharedLogException {
        if (look.isDone()) {
            complaint = outcome(look);
            long now = System.nanoTime();
            if (complaint != null || now - lookedNanos >= intervalNanos) {
                lookedNanos = now;
                look = topic.same().toCompletableFuture();
            }
        }
        if (complaint != null && complaint.kind() == Kind.DIVERGED) {
            throw complaint;
        }
    }

    /**
     * To be asked where nothing came.
     *
     * @throws SharedLogException if Kafka did not answer when it was asked last
     */
    void requireAnswer() throws SharedLogException {
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
