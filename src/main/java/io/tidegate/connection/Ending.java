package io.tidegate.connection;

/**
 * How a connection ended.
 *
 * @param bytesReceived bytes read from the client
 * @param bytesSent bytes that the kernel took over
 * @param bytesUnsent bytes that were handed to TCP and may not have left; 0 unless the end was not clean
 */
public record Ending(Outcome outcome, CloseReason reason, long bytesReceived, long bytesSent, long bytesUnsent) {

    /** What the client saw. */
    public enum Outcome {
        /** Every byte was sent, then FIN, and the client closed its side too. */
        COMPLETED,
        /** The server reset the connection. */
        ABORTED,
        /** The client reset the connection or vanished. */
        RESET_BY_PEER
    }
}
