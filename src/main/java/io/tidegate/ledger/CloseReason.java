package io.tidegate.ledger;

/** Why a connection ended. The code stands in {@code goodbye} events, in logs and in reports. */
public enum CloseReason {
    /** The server drains, or an operator asked for this connection to be shut down. */
    SHUTDOWN("shutdown"),
    /** The client said {@code quit}, or an HTTP request asked for the end of its connection. */
    QUIT("quit"),
    /** The client closed its side; everything it had asked for was sent, unless it had closed all of its socket. */
    PEER_CLOSED("peer-closed"),
    /** An HTTP connection had no request for the idle timeout. */
    IDLE("idle"),
    /** What the client sent was no request of the protocol, or took too long: it was told so. */
    REFUSED("refused", ComeBack.NEVER),
    /** The client did not show who it is in time, or not rightly. */
    UNAUTHENTICATED("unauthenticated", ComeBack.WITH_CREDENTIALS),
    /** The client's identity came to its end. */
    EXPIRED("expired", ComeBack.WITH_CREDENTIALS),
    /** The client's identity, or its right to what it follows, was taken back. */
    REVOKED("revoked", ComeBack.WITH_CREDENTIALS),
    /** Client and server did not come to terms on TLS, or what came was not as it was sent. */
    TLS_FAILED("tls-failed"),
    /** The client reset the connection or vanished. */
    PEER_RESET("peer-reset"),
    /** The client accepted no byte for the stall timeout although there was data for it. */
    STALLED("stalled"),
    /** The client's kernel confirmed nothing of what it was sent for the peer timeout: the client vanished. */
    UNREACHABLE("unreachable"),
    /** The server had sent its FIN, and the client did not close its side within the linger timeout. */
    LINGERED("lingered"),
    /** The client did not answer when it was asked for a sign of life. */
    SILENT("silent"),
    /** The connection outlived the deadline of the drain, or of its own shutdown or close. */
    DEADLINE("deadline"),
    /** An operator or the embedding program closed it. */
    CLOSED("closed"),
    /** An operator or the embedding program aborted it. */
    ABORTED("aborted"),
    /** The connection did not end although it was aborted, or its socket stayed open after it: the socket was taken away. */
    TAKEN("taken"),
    /** A bug of the server ended this one connection; the log has its trace. */
    INTERNAL_ERROR("internal-error");

    /** Whether a client is to come back. */
    public enum ComeBack {
        /** With the same request, in its slot. */
        AS_IS("as-is"),
        /** Only with another token or other rights: as it is, it would be refused. */
        WITH_CREDENTIALS("with-credentials"),
        /** Not at all: the same would be refused again. */
        NEVER("never");

        private final String code;

        ComeBack(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    private final String code;
    private final ComeBack comeBack;

    CloseReason(String code) {
        this(code, ComeBack.AS_IS);
    }

    CloseReason(String code, ComeBack comeBack) {
        this.code = code;
        this.comeBack = comeBack;
    }

    public ComeBack comeBack() {
        return comeBack;
    }

    public String code() {
        return code;
    }
}
