package io.tidegate.connection;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * One client's connection, as the {@link ConnectionManager} sees it. None of the methods blocks; all may be called from any
 * thread and more than once.
 */
public interface Connection {

    /** Unique in one run of the server. */
    long id();

    InetSocketAddress remoteAddress();

    /** Name of the listener that accepted it. */
    String listener();

    /** How the client is spoken to now. */
    Transport transport();

    Instant openedAt();

    /** Who the client is now by what it has shown; empty if it has shown nothing. */
    String identity();

    /** How it stands now. */
    ConnectionStatus status();

    /**
     * Stops reading requests, sends all that is pending and a goodbye, then FIN, and waits for the client's FIN.
     *
     * @param reconnectAfter the client's slot for coming back
     */
    void shutdown(Duration reconnectAfter);

    /** Drops what the kernel does not have yet, then sends FIN, and waits for the client's FIN. */
    void close();

    /** Since when it has waited for a request; 0 if something else goes on. */
    default long idleSince() {
        return 0;
    }

    /** Sends FIN if it is idle, and waits for the client's FIN. */
    default void endIdle() {}

    /** Resets the connection at once; no TIME_WAIT is left. */
    void abort(CloseReason reason);

    /** Takes the socket from under everything else. For a connection that even {@link #abort} did not end. */
    void destroy();

    /** Completes, never fails, when the stream has ended; the socket may still be open for a moment. */
    CompletionStage<Ending> ended();

    /** Whether the kernel has the socket for itself: nothing that this process does later can harm what was sent. */
    boolean isReleased();

    /**
     * Aborts if a limit of time has passed, and sends a heartbeat if it is due.
     *
     * @param nowNanos the time by the clock of all connections
     */
    void check(long nowNanos);

    /**
     * Ends if its client has everything and does not close its side: there is nothing to wait for. Called more often than
     * {@link #check} while it matters.
     *
     * @param nowNanos the time by the clock of all connections
     */
    default void checkDelivery(long nowNanos) {}
}
