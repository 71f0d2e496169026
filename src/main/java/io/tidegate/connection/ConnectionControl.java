package io.tidegate.connection;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Goodbye;
import java.util.concurrent.CompletionStage;

/** What the outside may do to a running connection, and what it may know. None of the methods blocks. Thread-safe. */
interface ConnectionControl {

    /** Has what is spoken say all that is pending and goodbye, then sends FIN. */
    void shutdown(Goodbye goodbye);

    /** Drops what was not handed to the kernel, then sends FIN. */
    void close(CloseReason reason);

    /** Sends RST at once. */
    void abort(CloseReason reason);

    /**
     * Leaves the rest to the kernel after our FIN: waits for the client's no longer. Only when nothing can be lost by it: with
     * input unread it would be a RST.
     */
    void letGo();

    /** What is spoken; only with the connection's lock held. */
    Conversation conversation();

    /** Completes, never fails, when the stream has ended. */
    CompletionStage<Ending> ended();

    /** Whether it is the client's turn to send something. */
    boolean awaitsInput();

    /** Whether the client has closed its side. */
    boolean hasPeerEnded();

    /** Bytes read from the client. */
    long received();
}
