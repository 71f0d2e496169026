package io.tidegate.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.tidegate.TestTime;
import io.tidegate.access.Access;
import io.tidegate.rocksdb.RocksFeedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server on a free port with a store of its own. */
final class TestServer {

    /** What is shown of an open connection. */
    static final List<String> CONNECTION_FIELDS = List.of(
            "id",
            "peer",
            "listener",
            "transport",
            "identity",
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

    /** Akka's dispatchers keep their threads for a while. */
    private static final Duration LAST_THREADS = Duration.ofSeconds(2);

    private TestServer() {}

    static Tidegate start(Path directory, String... settings) throws StartException {
        return Tidegate.start(config(directory, settings));
    }

    /** A server for which time passes only as the test lets it. */
    static Tidegate start(TestTime time, Path directory, String... settings) throws StartException {
        return start(time, Access.OPEN, directory, settings);
    }

    /** The same, where clients have to say who they are. */
    static Tidegate start(TestTime time, Access access, Path directory, String... settings) throws StartException {
        Config config = ServerConfig.complete(config(directory, settings).withFallback(TestTime.config()));
        ServerSettings read = ServerSettings.from(config);
        Tidegate server = Startup.start(config, read, RocksFeedLog::open, time.nanoClock(), access);
        time.drives(server.system());
        return server;
    }

    /** Ends it, without waiting for anybody. */
    static void end(TestTime time, Tidegate server) {
        server.force("test over");
        time.flowsAsUsualWhile(() -> server.close());
        time.passes(LAST_THREADS);
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
