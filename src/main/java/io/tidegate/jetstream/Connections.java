package io.tidegate.jetstream;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ServerInfo;
import io.tidegate.shared.ClientFile;
import io.tidegate.shared.SharedLogException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections to NATS. None of them is mended when it is lost: whoever has lost one looks whether the log is still the one that it
 * was before it goes on with another.
 */
final class Connections {

    private static final String OLDEST_VERSION = "2.9.0";

    /** How often it is looked which answers did not come in time. */
    private static final Duration CLEANUP_INTERVAL = Duration.ofMillis(100);

    private final JetStreamSettings settings;
    private final Problems problems;
    private final Properties client = new Properties();

    private Connections(JetStreamSettings settings, Problems problems, Map<String, String> client) {
        this.settings = settings;
        this.problems = problems;
        client.forEach((name, value) -> this.client.setProperty(ClientSettings.PREFIX + name, value));
    }

    /**
     * Reads what the operator says of the client.
     *
     * @throws SharedLogException if that cannot be used
     */
    static Connections of(JetStreamSettings settings, Problems problems) throws SharedLogException {
        return new Connections(
                settings,
                problems,
                ClientFile.over(
                        settings.client(), settings.clientFile(), new ClientSettings(), "tidegate.jetstream.client"));
    }

    /** Why there is no connection: the client tells that to its listener only, and on another thread. */
    private static final class Listener implements ErrorListener {

        private final CompletableFuture<Exception> first = new CompletableFuture<>();

        @Override
        public void exceptionOccurred(Connection connection, Exception exception) {
            first.complete(exception);
        }

        @Nullable
        Exception reason() {
            return first.completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
        }
    }

    /** Blocks for a few seconds at most. */
    Connection open() throws SharedLogException {
        var listener = new Listener();
        Options options = options(listener);
        Connection connection;
        try {
            connection = Nats.connect(options);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw problems.connecting(e, null);
        } catch (IOException e) {
            throw problems.connecting(e, listener.reason());
        }
        ServerInfo server = connection.getServerInfo();
        if (!server.isSameOrNewerThanVersion(OLDEST_VERSION)) {
            close(connection);
            throw problems.unusable("NATS at " + connection.getConnectedUrl() + " is too old for this server: it is "
                    + server.getVersion() + ", and 2.9 or newer is needed");
        }
        return connection;
    }

    private Options options(Listener listener) throws SharedLogException {
        var builder = Options.builder()
                .properties(client)
                .servers(settings.servers().toArray(String[]::new))
                .connectionName("tidegate")
                .connectionTimeout(settings.requestTimeout())
                .noReconnect()
                .reconnectBufferSize(0)
                .pingInterval(settings.checkInterval())
                .socketWriteTimeout(settings.deliveryTimeout())
                .writeQueuePushTimeout(settings.requestTimeout())
                .requestCleanupInterval(CLEANUP_INTERVAL)
                .useTimeoutException()
                .reportNoResponders()
                .errorListener(listener);
        if (settings.credentialsFile().isPresent()) {
            builder.authHandler(Credentials.read(settings.credentialsFile().get()));
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw problems.options(e);
        }
    }

    static void close(Connection connection) {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
