package io.tidegate.feed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** One blocking call of the log that runs on another thread. */
final class BlockingRead {

    /** A call that may block and fail. */
    interface Call<T> {
        T run() throws FeedLogException;
    }

    private BlockingRead() {}

    static <T> CompletableFuture<T> start(Executor executor, Call<T> call) {
        var result = new CompletableFuture<T>();
        run(executor, call, result);
        return result;
    }

    static <T> void run(Executor executor, Call<T> call, CompletableFuture<T> result) {
        try {
            executor.execute(() -> {
                try {
                    result.complete(call.run());
                } catch (FeedLogException | RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
    }

    /** The result of a call that is done. */
    static <T> T result(CompletableFuture<T> done) throws FeedLogException {
        try {
            return done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof FeedLogException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
