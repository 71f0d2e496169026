package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.access.AccessFileException;
import io.tidegate.server.SecureClients.Connected;
import java.io.IOException;
import java.nio.file.Path;

/** How the clients of a test reach its server: in plain, or over TLS with a token of theirs, who may do everything. */
final class Way {

    private final String version;
    private final SecureClients clients;

    /**
     * @param version of TLS; empty for neither that nor tokens
     * @param directory for files
     */
    Way(String version, Path directory) {
        this.version = version;
        this.clients = new SecureClients(directory);
    }

    boolean isPlain() {
        return version.isEmpty();
    }

    /** By TLS 1.2 who is told the end has to say at once that it says no more, and Java's sockets do. */
    boolean leavesByItself() {
        return version.equals(SecureClients.TLS_12);
    }

    /** What a server needs for it; the same whenever it is asked for. */
    String settings() throws IOException, AccessFileException {
        return isPlain() ? "" : clients.settings();
    }

    LineClient client(Tidegate server) throws IOException {
        return client(server, 0);
    }

    /** @param receiveBufferBytes 0 for the system's default; small for a client that soon stops the server's writes */
    LineClient client(Tidegate server, int receiveBufferBytes) throws IOException {
        if (isPlain()) {
            return new LineClient(server.tcpAddress(), receiveBufferBytes);
        }
        var client = new LineClient(connected(server, receiveBufferBytes).socket()).send(clients.auth("desk"));
        assertThat(client.line()).contains("authenticated");
        return client;
    }

    /** One that counts what it is sent. */
    Witness witness(Tidegate server, int receiveBufferBytes) throws IOException {
        return isPlain()
                ? new Witness(server, receiveBufferBytes)
                : new Witness(connected(server, receiveBufferBytes))
                        .send(clients.auth("desk"))
                        .await("authenticated");
    }

    private Connected connected(Tidegate server, int receiveBufferBytes) throws IOException {
        return SecureClients.connect(server.tcpAddress(), version, receiveBufferBytes);
    }
}
