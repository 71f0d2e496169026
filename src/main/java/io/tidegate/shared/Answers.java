package io.tidegate.shared;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** What the engine of a shared log answers, by its own reasons if it fails. Thread-safe. */
public final class Answers {

    private final Function<Throwable, SharedLogException> problems;
    private final long patienceMillis;

    /**
     * Answers of one engine.
     *
     * @param problems puts whatever fails into words for an operator
     * @param patienceMillis how long one is waited for, where it is; the engine's own limit comes first
     */
    public Answers(Function<Throwable, SharedLogException> problems, long patienceMillis) {
        this.problems = problems;
        this.patienceMillis = patienceMillis;
    }

    /** Fails for one of our reasons, and not for a failure that has it as its cause. */
    public <T> CompletionStage<T> told(CompletionStage<T> stage) {
        var told = new CompletableFuture<T>();
        var unused = stage.whenComplete((value, failure) -> {
            if (failure == null) {
                told.complete(value);
            } else {
                told.completeExceptionally(problems.apply(failure));
            }
        });
        return told;
    }

    /** The answer, from a thread that may wait for it. */
    public <T> T await(CompletionStage<T> stage) throws SharedLogException {
        try {
            return stage.toCompletableFuture().get(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw problems.apply(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw problems.apply(e);
        }
    }

    /** What failed, without what was put around it on its way. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
