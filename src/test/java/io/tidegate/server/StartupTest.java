package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.feed.FeedLogException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a start that failed. */
@Timeout(60)
class StartupTest {

    @TempDir
    Path directory;

    @Test
    void aStartThatCannotBindGivesTheStoreBack() throws Exception {
        Path other = directory.resolve("other");
        try (Tidegate one = TestServer.start(directory.resolve("one"))) {
            String taken = "tidegate.tcp.port = " + one.tcpAddress().getPort();

            assertThatThrownBy(() -> TestServer.start(other, taken)).isInstanceOf(StartException.class);

            try (Tidegate another = TestServer.start(other)) {
                another.publish(Change.put("c", "k", "1")).toCompletableFuture().join();
                assertThat(another.updates()).isEqualTo(1);
            }
        }
    }

    @Test
    void aStoreThatCannotBeOpenedIsToldInItsOwnWords() throws Exception {
        var config = ServerConfig.complete(TestServer.config(directory));
        var settings = ServerSettings.from(config);

        assertThatThrownBy(() -> Startup.start(config, settings, store -> {
                    throw new FeedLogException("no such disk");
                }))
                .isInstanceOf(StartException.class)
                .hasMessage("no such disk");
    }
}
