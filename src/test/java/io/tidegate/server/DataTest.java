package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.feed.FeedLog;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is served is closed in order, whatever becomes of its parts. */
class DataTest {

    private final List<String> closed = new ArrayList<>();

    /** Knows only when it is closed. */
    private FeedLog store() {
        return (FeedLog) Proxy.newProxyInstance(
                FeedLog.class.getClassLoader(), new Class<?>[] {FeedLog.class}, (store, method, arguments) -> {
                    closed.add(method.getName());
                    return null;
                });
    }

    private static void fail(String why) {
        throw new IllegalStateException(why);
    }

    @Test
    void theStoreIsClosedBetweenWhatReadsItAndWhatItSharesWithOthers() {
        var data = new Data(store(), null, () -> closed.add("shared"));

        data.close(() -> closed.add("first"), Runnable::run)
                .toCompletableFuture()
                .join();

        assertThat(closed).containsExactly("first", "close", "shared");
    }

    @Test
    void soItIsWhenWhatReadsItCannotBeClosed() {
        var data = new Data(store(), null, () -> {
            closed.add("shared");
            fail("later");
        });

        var end = data.close(() -> fail("earlier"), Runnable::run).toCompletableFuture();

        assertThatThrownBy(end::join).hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(closed).containsExactly("close", "shared");
    }
}
