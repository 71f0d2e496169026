package io.tidegate.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tidegate.document.Change;
import io.tidegate.document.Directories;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.server.StartException;
import io.tidegate.server.Tidegate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** That followers of the client keep what reactive streams promise one another, by the examination of their authors. */
@Timeout(300)
class FlowContractTest {

    /** As many documents as any of the examination's tests asks for, and more. */
    private static final int DOCUMENTS = 200;

    /** The examination sleeps as long where an error has to come. */
    private static final long SOON_MILLIS = 2_000;

    /** So long nothing may come that must not. */
    private static final long NOTHING_MILLIS = 50;

    /** What TestNG runs. */
    public static final class Examination extends FlowPublisherVerification<Event> {

        private final Path directory = Files.createTempDirectory("tidegate-flow");
        private @Nullable Tidegate server;
        private @Nullable TidegateClient client;

        public Examination() throws IOException {
            super(new TestEnvironment(SOON_MILLIS, NOTHING_MILLIS), SOON_MILLIS);
        }

        @BeforeClass
        public void start() throws StartException {
            Tidegate started =
                    Tidegate.start(ConfigFactory.parseString("tidegate { http.port = 0, admin.port = 0, tcp.port = 0,"
                            + " store { durability = os, directory = \"" + directory.resolve("store") + "\" } }"));
            for (int i = 0; i < DOCUMENTS; i++) {
                started.publish(Change.put("c", "k" + i, "1"))
                        .toCompletableFuture()
                        .join();
            }
            server = started;
            client = TidegateClient.connect(
                    URI.create("tcp://127.0.0.1:" + started.tcpAddress().getPort()));
        }

        @AfterClass
        public void stop() throws IOException {
            requireNonNull(client).close();
            requireNonNull(server).close();
            Directories.delete(directory);
        }

        @Override
        public Flow.Publisher<Event> createFlowPublisher(long elements) {
            return requireNonNull(client).follow(Selection.ALL);
        }

        /** It is refused. */
        @Override
        public Flow.Publisher<Event> createFailedFlowPublisher() {
            List<Selector> tooMany = Stream.iterate(0, i -> i + 1)
                    .limit(2_000)
                    .map(i -> Selector.parse("c/" + i))
                    .toList();
            return requireNonNull(client).follow(Selection.of(new ArrayList<>(tooMany)));
        }

        /** What is followed has no end. */
        @Override
        public long maxElementsFromPublisher() {
            return publisherUnableToSignalOnComplete();
        }
    }

    @Test
    void followersKeepTheContractOfReactiveStreams() {
        var results = new TestListenerAdapter();
        var examination = new TestNG(false);
        examination.setTestClasses(new Class<?>[] {Examination.class});
        examination.addListener(results);
        examination.setVerbose(0);

        examination.run();

        assertThat(results.getFailedTests()).isEmpty();
        assertThat(results.getConfigurationFailures()).isEmpty();
        assertThat(results.getPassedTests())
                .as("all that do not ask for an end")
                .hasSize(20);
    }
}
