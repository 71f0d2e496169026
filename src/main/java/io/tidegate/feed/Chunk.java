package io.tidegate.feed;

import akka.util.ByteString;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A piece of a shared snapshot, in the hands of the readers that are sending it or are about to. */
final class Chunk {

    /**
     * What was read.
     *
     * @param next the place where the next chunk starts; null at the end
     */
    record Content(EventLines lines, int documents, @Nullable ByteString next) {}

    final SharedSnapshot snapshot;
    final ByteString place;
    final CompletableFuture<Content> reading = new CompletableFuture<>();

    /** How many readers have it in their hands. Guarded by the cache's lock, as the next. */
    int holders = 1;

    /** What it counts in the cache; 0 if it is not there. */
    long weight;

    Chunk(SharedSnapshot snapshot, ByteString place, long weight) {
        this.snapshot = snapshot;
        this.place = place;
        this.weight = weight;
    }

    boolean isDone() {
        return reading.isDone();
    }

    /** Runs {@code action} on any thread when it was read, or could not be. */
    void whenDone(Runnable action) {
        var unused = reading.whenComplete((content, failure) -> action.run());
    }

    void whenFailed(Runnable action) {
        var unused = reading.exceptionally(failure -> {
            action.run();
            return null;
        });
    }

    /** What was read; only when it is done. */
    Content content() throws FeedLogException {
        return BlockingRead.result(reading);
    }

    /** The bytes are with the kernel, or nobody wants them any more. */
    void giveBack() {
        snapshot.giveBack(this);
    }
}
