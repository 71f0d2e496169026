package io.tidegate.connection;

import io.tidegate.ledger.CloseReason;

/** The failure with which a stage has the TCP stage reset the socket. */
final class Abort extends RuntimeException {
    private static final long serialVersionUID = 1;

    Abort(CloseReason reason) {
        super(reason.code(), null, false, false);
    }
}
