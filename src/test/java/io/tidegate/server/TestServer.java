package io.tidegate.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A server on a free port with a store of its own. */
final class TestServer {

    /** What is shown of an open connection. */
    static final List<String> CONNECTION_FIELDS = List.of(
            "id",
            "peer",
            "listener",
            "transport",
            "userAgent",
            "openedAt",
            "ageMillis",
            "state",
            "follows",
            "progress",
            "seq",
            "lag",
            "bytesSent",
            "bytesUnsent",
            "updatesSent",
            "lastSeq",
            "stuckMillis");

    private TestServer() {}

    static Tidegate start(Path directory, String... settings) throws StartException {
        return Tidegate.start(config(directory, settings));
    }

    static Config config(Path directory, String... settings) {
        return ConfigFactory.parseString(String.join("\n", settings))
                .withFallback(ConfigFactory.parseString(
                        "tidegate.tcp.port = 0, tidegate.http.port = 0, tidegate.admin.port = 0,"
                                + " tidegate.store.durability = os"))
                .withValue(
                        "tidegate.store.directory",
                        ConfigValueFactory.fromAnyRef(directory.resolve("data").toString()));
    }

    static LineClient client(Tidegate server) throws IOException {
        return new LineClient(server.tcpAddress());
    }
}
