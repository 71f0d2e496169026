package io.tidegate.journey;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** The chance in a journey, which can be repeated: a failure names the seed. */
final class Seed implements TestExecutionExceptionHandler {

    private static final String PROPERTY = "tidegate.seed";

    private final long seed = Long.getLong(PROPERTY, ThreadLocalRandom.current().nextLong(1_000_000));

    Random random() {
        return new Random(seed);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) {
        throw new AssertionError(failure.getMessage() + "\n(repeat with -D" + PROPERTY + "=" + seed + ")", failure);
    }
}
