package io.tidegate.ledger;

/**
 * How a connection ended.
 *
 * @param bytesReceived bytes read from the client
 * @param sent what the client was sent, and what not
 */
public record Ending(Outcome outcome, CloseReason reason, long bytesReceived, Sent sent) {

    /** Who ended it, and whether in order. */
    public enum Outcome {
        /**
         * The server sent FIN after the last byte, and the client closed its side too, or its kernel confirmed that it has
         * everything. Every byte was sent, unless the reason is {@link CloseReason#CLOSED}.
         */
        COMPLETED("completed"),
        /** The server reset the connection. */
        ABORTED("aborted"),
        /** The client reset the connection or vanished. */
        RESET_BY_PEER("reset-by-peer"),
        /**
         * The client closed its socket when it had taken all that had come, as one does that is satisfied. What was sent after
         * that its system answered by a reset.
         */
        LEFT("left");

        private final String code;

        Outcome(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** The same end, if the socket had to be taken away: what the kernel still had of its tail was cut by a RST. */
    public Ending taken() {
        return new Ending(Outcome.ABORTED, CloseReason.TAKEN, bytesReceived, sent);
    }
}
