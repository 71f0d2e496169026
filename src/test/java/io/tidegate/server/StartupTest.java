package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.feed.FeedLogException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "akka.actor.default-dispatcher.type = Foo",
                "akka.actor.provider = nix",
                "akka.actor.default-dispatcher.throughput = many",
                "akka.actor.default-dispatcher.fork-join-executor.parallelism-max = none"
            })
    void whatAkkaDoesNotTakeIsToldByItsName(String wrong) {
        assertThatThrownBy(() -> TestServer.start(directory, wrong, "akka.log-dead-letters = 3"))
                .isInstanceOf(StartException.class)
                .hasMessage("Akka does not start with what is set for it: " + wrong.substring(0, wrong.indexOf(' '))
                        + ". What it takes is in Akka's own reference.conf");
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
