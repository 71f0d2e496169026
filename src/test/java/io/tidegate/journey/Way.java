package io.tidegate.journey;

import io.tidegate.server.SecureClients;
import io.tidegate.server.SecureClients.Connected;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How clients reach the server: in plain, or over TLS with a token that allows everything. */
final class Way {

    static final Way PLAIN = new Way("", null);

    /**
     * A client's connection.
     *
     * @param socket what is said and heard
     * @param secured the same with what is below it; null in plain
     */
    record Link(Socket socket, @Nullable Connected secured) {

        /** What the kernel has of it. */
        Socket below() {
            return secured == null ? socket : secured.below();
        }
    }

    private static final int CONNECT_TIMEOUT_MILLIS = 60_000;

    private final String version;
    private final @Nullable SecureClients clients;

    private Way(String version, @Nullable SecureClients clients) {
        this.version = version;
        this.clients = clients;
    }

    /** @param directory for the files of the server */
    static Way over(String version, Path directory) {
        return new Way(version, new SecureClients(directory));
    }

    boolean isPlain() {
        return clients == null;
    }

    /** By TLS 1.2 who is told the end has to say at once that it says no more, and Java's sockets do. */
    boolean leavesByItself() {
        return version.equals(SecureClients.TLS_12);
    }

    /** The command of a server that can be reached so. */
    ServerCommand to(ServerCommand command) throws Exception {
        ServerCommand reachable = command;
        if (clients != null) {
            for (var setting : clients.settingsByKey().entrySet()) {
                reachable = reachable.with(setting.getKey(), setting.getValue());
            }
        }
        return reachable;
    }

    /** The line that comes first; empty in plain. */
    String auth() {
        return clients == null ? "" : clients.auth("desk") + "\n";
    }

    /** @param receiveBytes the size of the kernel's receive buffer; 0 for its default */
    Link connect(InetSocketAddress server, int receiveBytes) throws IOException {
        if (clients != null) {
            return secured(server, receiveBytes);
        }
        var socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(server, CONNECT_TIMEOUT_MILLIS);
        return new Link(socket, null);
    }

    private Link secured(InetSocketAddress server, int receiveBytes) throws IOException {
        try {
            Connected secured = SecureClients.connect(server, version, receiveBytes);
            return new Link(secured.socket(), secured);
        } catch (SSLException e) {
            var cut = new SocketException("cut within the handshake");
            cut.initCause(e);
            throw cut;
        }
    }

    @Override
    public String toString() {
        return version.isEmpty() ? "plain" : version;
    }
}
