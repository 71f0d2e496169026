package io.tidegate.server;

import io.tidegate.TestTime;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server whose clients connect in one way, on its own time or on the test's. */
abstract class WayFixture {

    @TempDir
    Path directory;

    final TestTime time = new TestTime();

    @SuppressWarnings("NullAway.Init") // each test starts its own
    Tidegate server;

    @SuppressWarnings("NullAway.Init") // made before each test
    Way way;

    /** The version of TLS that clients speak, with tokens on; empty for neither. */
    String tls() {
        return "";
    }

    @BeforeEach
    final void makeAWay() {
        way = new Way(tls(), directory);
    }

    final void start(String... settings) throws Exception {
        server = TestServer.start(directory, String.join("\n", settings), way.settings());
    }

    final void startOnTestTime(String... settings) throws Exception {
        server = TestServer.start(time, directory, String.join("\n", settings), way.settings());
    }

    @AfterEach
    final void endServer() {
        TestServer.end(time, server);
    }
}
