package io.tidegate.jetstream;

import io.nats.client.Connection;
import io.tidegate.shared.SharedLogException;

/** The connection by which the log is read and asked. The thread that reads has a new one made when it is lost. */
final class Link {

    private final Connections connections;

    private volatile Connection connection;

    private volatile boolean isClosed;

    /** Blocks for a few seconds at most. */
    Link(Connections connections) throws SharedLogException {
        this.connections = connections;
        this.connection = connections.open();
    }

    /** Which may be lost. */
    Connection connection() {
        return connection;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** A connection that is not lost, as far as is known. Blocks for a few seconds at most. */
    Connection connected() throws SharedLogException {
        if (isClosed) {
            throw SharedLogException.closed();
        }
        if (connection.getStatus() != Connection.Status.CONNECTED) {
            Connections.close(connection);
            connection = connections.open();
            if (isClosed) {
                // Meanwhile, and who closed this may have closed the former one only.
                Connections.close(connection);
                throw SharedLogException.closed();
            }
        }
        return connection;
    }

    void close() {
        isClosed = true;
        Connections.close(connection);
    }
}
