package io.tidegate.cli;

import io.tidegate.client.BackOff;
import io.tidegate.client.Credentials;
import io.tidegate.client.LineClient;
import io.tidegate.client.Reconnection;
import io.tidegate.document.Addresses;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which server a client command talks to. */
final class ServerAddress {

    private static final int MAX_PORT = 65_535;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "${env:TIDEGATE_TCP_HOST:-127.0.0.1}",
            description = "Server to connect to (default: ${DEFAULT-VALUE}).")
    private String host = "";

    @Mixin
    private ServerSecurity security;

    private int port;

    /** What the options say; null until the first connection. */
    private @Nullable Credentials credentials;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:TIDEGATE_TCP_PORT:-8989}",
            description = "Its port (default: ${DEFAULT-VALUE}).")
    void setPort(int port) {
        if (port < 1 || port > MAX_PORT) {
            throw new ParameterException(command.commandLine(), "a port is 1 to " + MAX_PORT + ", not " + port);
        }
        this.port = port;
    }

    /** Connects for the first time, for a command that cannot go on without. */
    LineClient connect() throws CommandEnd {
        credentials = security.credentials(System.getenv());
        try {
            return open(null);
        } catch (IOException e) {
            throw CommandEnd.failed("cannot connect to " + this + ": " + reason(e));
        }
    }

    /**
     * Connects once more.
     *
     * @param node another node that the server has named, {@code host:port}; null for the server itself
     */
    LineClient open(@Nullable String node) throws IOException {
        Credentials shown = credentials == null ? Credentials.NONE : credentials;
        return node == null ? LineClient.open(host, port, shown) : LineClient.open(node, shown);
    }

    /** How it is come back to, again and again. */
    Reconnection reconnection() {
        return new Reconnection(
                this::open,
                pause -> TimeUnit.MILLISECONDS.sleep(pause.toMillis()),
                new BackOff(RandomGenerator.getDefault()));
    }

    private static String reason(IOException e) {
        if (e instanceof SSLException) {
            return "no TLS: " + Reason.of(e);
        }
        return Reason.of(e) + (Reason.isRefusedConnection(e) ? " (is the server running?)" : "");
    }

    @Override
    public String toString() {
        return Addresses.shown(host, port);
    }
}
