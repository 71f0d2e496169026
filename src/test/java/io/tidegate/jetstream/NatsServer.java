package io.tidegate.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.tidegate.Await;
import io.tidegate.Signals;
import io.tidegate.document.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real server of NATS in a process of its own, that can be frozen and killed. It has its data in a temporary directory. */
public final class NatsServer implements AutoCloseable {

    private static final AtomicInteger STREAMS = new AtomicInteger();

    private static final Pattern READY = Pattern.compile("Server is ready");

    private final Path directory;
    private final List<String> configuration;

    private @Nullable Process process;

    /** Chosen at the first start. */
    private int port = -1;

    private NatsServer(List<String> configuration) throws IOException {
        this.directory = Files.createTempDirectory("tidegate-nats");
        this.configuration = configuration;
    }

    private static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/bin"))
                .map(place -> Path.of(place, "nats-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whoever cannot do without it is not tested where it is not installed. */
    public static void assumeInstalled() {
        assumeTrue(program().isPresent(), "nats-server is installed");
    }

    private static final class Shared {

        static final NatsServer SERVER = start("max_payload: 4MB", withStore());
    }

    /** One for all tests of a run, which is started when the first of them wants it. Whoever freezes or kills it mends it again. */
    public static NatsServer shared() {
        assumeInstalled();
        return Shared.SERVER;
    }

    /** A line of the configuration: with JetStream. */
    static String withStore() {
        return "jetstream { store_dir: data }";
    }

    /** One for whoever calls this, with these lines in its configuration. */
    static NatsServer start(String... configuration) {
        assumeInstalled();
        try {
            var server = new NatsServer(List.of(configuration));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            server.restart();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it when it is not running, with the data that it had. */
    void restart() throws IOException {
        List<String> lines = new ArrayList<>(configuration);
        lines.add("listen: \"127.0.0.1:" + port + "\"");
        Path file = Files.write(directory.resolve("server.conf"), lines);
        Path log = directory.resolve("server.log");
        Files.deleteIfExists(log);
        Process started = new ProcessBuilder(
                        program().orElseThrow().toString(), "-c", file.toString(), "-l", log.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.out").toFile())
                .start();
        process = started;
        Await.until(() -> {
            assertThat(started.isAlive()).as("a server that starts").isTrue();
            return READY.matcher(text(log)).find();
        });
        Matcher listening = Pattern.compile("Listening for client connections on 127\\.0\\.0\\.1:(\\d+)")
                .matcher(text(log));
        assertThat(listening.find()).isTrue();
        port = Integer.parseInt(listening.group(1));
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where clients find it. */
    public String address() {
        return "nats://127.0.0.1:" + port;
    }

    /** Where its data is. */
    Path data() {
        return directory.resolve("data");
    }

    /** A name that no other test has. */
    public static String newStream() {
        return "stream-" + STREAMS.incrementAndGet();
    }

    /** What a node needs to have its log here; patient enough for a busy machine. */
    JetStreamSettings settings(String stream) {
        return settings(stream, Duration.ofSeconds(20), Optional.empty(), Map.of());
    }

    /** The same for somebody who is not patient. */
    JetStreamSettings hasty(String stream) {
        return settings(stream, Duration.ofSeconds(1), Optional.empty(), Map.of());
    }

    /** The same for somebody who shows who he is. */
    JetStreamSettings settings(
            String stream, Duration timeout, Optional<Path> credentials, Map<String, String> client) {
        return new JetStreamSettings(
                List.of(address()),
                stream,
                1,
                4 << 20,
                timeout,
                timeout,
                Duration.ofMillis(500),
                credentials,
                Optional.empty(),
                client);
    }

    /** What somebody does on a connection. */
    interface Act {
        void on(Connection connection) throws Exception;
    }

    /** What a test does to it. */
    void administer(Act act) throws Exception {
        Connection connection = Nats.connect(address());
        try {
            act.on(connection);
        } finally {
            connection.close();
        }
    }

    private Process process() {
        if (process == null) {
            throw new IllegalStateException("it was never started");
        }
        return process;
    }

    /** It does nothing more until it is thawed; its sockets stay open. */
    void freeze() {
        Signals.freeze(process().pid());
    }

    void thaw() {
        Signals.thaw(process().pid());
    }

    /** As a power cut would, but for what the system still has in memory. */
    void kill() {
        process().destroyForcibly();
        try {
            assertThat(process().waitFor(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void copy(Path tree, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path each : files.toList()) {
                Files.copy(each, to.resolve(tree.relativize(each).toString()));
            }
        }
    }
}
