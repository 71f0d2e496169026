package io.tidegate.server;

import io.tidegate.TestTime;
import io.tidegate.access.Access;
import io.tidegate.access.Attempts;
import io.tidegate.access.Authenticator;
import io.tidegate.document.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server that all tests of a class use, one after the other; time stands still for it unless a test lets it pass. */
final class SharedServer implements BeforeAllCallback, AfterAllCallback {

    private final String[] settings;
    private final TestTime time = new TestTime();
    private final Access access;

    @SuppressWarnings("NullAway.Init") // made before the first test
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    SharedServer(String... settings) {
        this(Authenticator.OPEN, Attempts.UNCOUNTED, settings);
    }

    /** One that may want to know who its clients are. */
    SharedServer(Authenticator authenticator, Attempts attempts, String... settings) {
        this.settings = settings.clone();
        access = new Access(authenticator, attempts, time.wallClock());
    }

    Tidegate tidegate() {
        return server;
    }

    /** Its time. */
    TestTime time() {
        return time;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        directory = Files.createTempDirectory("tidegate");
        server = TestServer.start(time, access, directory, settings);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        TestServer.end(time, server);
        Directories.delete(directory);
    }
}
