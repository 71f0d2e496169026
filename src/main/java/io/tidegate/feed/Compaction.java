package io.tidegate.feed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Has a log write its files anew, on a thread of its own, since it takes its time. Who asks while it is at it waits for the same. */
final class Compaction {

    private final FeedLog log;

    /** Guarded by this. Null if there was none. */
    private @Nullable CompletableFuture<FeedLog.Compacted> last;

    Compaction(FeedLog log) {
        this.log = log;
    }

    /** Fails with {@link FeedLogException} if the store does, or is closed meanwhile. */
    synchronized CompletionStage<FeedLog.Compacted> begin() {
        CompletableFuture<FeedLog.Compacted> underWay = last;
        if (underWay == null || underWay.isDone()) {
            underWay = BlockingRead.start(Compaction::execute, log::compact);
            last = underWay;
        }
        return underWay.minimalCompletionStage();
    }

    private static void execute(Runnable task) {
        var thread = new Thread(task, "tidegate-compaction");
        thread.setDaemon(true);
        thread.start();
    }
}
