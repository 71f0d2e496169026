package io.tidegate.shared;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.Await;
import io.tidegate.shared.SharedLog.Entry;
import io.tidegate.shared.SharedLogException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What tests of real logs do with them: append texts, and read until something has come. */
public final class LogReading {

    public static final Duration SOON = Duration.ofMillis(100);

    private LogReading() {}

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static void append(SharedLog log, String name, int count) throws SharedLogException {
        for (int i = 0; i < count; i++) {
            log.append(bytes(name + i));
        }
    }

    /** Whether it was handed over; it may be lost. */
    public static boolean isAppended(SharedLog log, String text) {
        try {
            log.append(bytes(text));
            return true;
        } catch (SharedLogException e) {
            assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
            return false;
        }
    }

    public static List<String> names(String name, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> name + i).toList();
    }

    public static List<String> texts(List<Entry> entries) {
        return entries.stream()
                .map(entry -> new String(entry.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    /** So many at least, however they come. */
    public static List<Entry> read(SharedLog log, int count) {
        List<Entry> entries = new ArrayList<>();
        Await.until(() -> {
            try {
                entries.addAll(log.poll(SOON));
            } catch (SharedLogException e) {
                assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.UNAVAILABLE);
            }
            return entries.size() >= count;
        });
        return entries;
    }

    /** Why reading fails, when it does. */
    public static SharedLogException failureOfReading(SharedLog log) {
        var failure = new CompletableFuture<SharedLogException>();
        Await.until(() -> {
            try {
                assertThat(log.poll(SOON)).isEmpty();
            } catch (SharedLogException e) {
                failure.complete(e);
            }
            return failure.isDone();
        });
        return failure.join();
    }

    public static SharedLogException failureOf(CompletionStage<?> answer) {
        ExecutionException failure = catchThrowableOfType(
                ExecutionException.class, () -> answer.toCompletableFuture().get(1, TimeUnit.MINUTES));
        return requireNonNull((SharedLogException) failure.getCause());
    }

    public static <T> T answer(CompletionStage<T> answer) throws Exception {
        return answer.toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    public static void assertFails(Kind kind, String line, SharedLogException failure) {
        assertThat(failure.getMessage()).isEqualTo(line);
        assertThat(failure.kind()).isEqualTo(kind);
    }
}
