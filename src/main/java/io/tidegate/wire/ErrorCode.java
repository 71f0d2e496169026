package io.tidegate.wire;

/** What an {@code error} event tells a client to do differently. The codes are part of the protocol. */
public enum ErrorCode {
    /** The request is known, but its words are wrong. */
    BAD_REQUEST("bad-request"),
    /** The first word of the line is no request. */
    UNKNOWN_REQUEST("unknown-request"),
    /** What came is no request of this protocol, but perhaps of another one; nothing more is read of this connection. */
    WRONG_PROTOCOL("wrong-protocol"),
    /** The line is longer than the server reads; it was skipped up to its end. */
    LINE_TOO_LONG("line-too-long"),
    /** A word of the request is not valid UTF-8. */
    INVALID_UTF8("invalid-utf8"),
    /** The value of a put is not one JSON value. */
    INVALID_JSON("invalid-json"),
    /** The input ended in the middle of a line; nothing was done. */
    INCOMPLETE_LINE("incomplete-line"),
    /** The connection follows updates already. */
    ALREADY_SUBSCRIBED("already-subscribed"),
    /** The connection has no subscription that could be changed. */
    NOT_SUBSCRIBED("not-subscribed"),
    /** A selection has more selectors, or longer ones, than the server takes. */
    SELECTION_TOO_LARGE("selection-too-large"),
    /** The log does not hold what comes after that position. */
    POSITION_UNAVAILABLE("position-unavailable"),
    /** The server serves as many connections as it may; this one is closed. */
    TOO_MANY_CONNECTIONS("too-many-connections"),
    /** The identity reads as many snapshots at once as it may; nothing was done. */
    TOO_MANY_SNAPSHOTS("too-many-snapshots"),
    /** Who asks has to show an identity first, or what was shown is nobody's. */
    UNAUTHENTICATED("unauthenticated"),
    /** The identity may not do that, whether there is such a thing or not; nothing was done. */
    FORBIDDEN("forbidden"),
    /** The identity that was shown may not follow what the connection follows; the one before stays. */
    RIGHTS_CHANGED("rights-changed"),
    /** From that address too much was shown that is nobody's; the connection is closed. */
    TOO_MANY_FAILURES("too-many-failures"),
    /** The server takes no more requests, it is about to stop; nothing was done. */
    DRAINING("draining"),
    /** The store failed; the change is not part of the feed, or the documents cannot be read now. */
    STORE_FAILED("store-failed"),
    /** What is asked for is damaged in the store: to try again does not help. */
    STORE_DAMAGED("store-damaged"),
    /** The log that decides about the order took nothing in time; the change is not part of the feed. */
    UNAVAILABLE("unavailable"),
    /** The log that decides about the order has not told in time whether it took the change: it may be part of the feed. */
    OUTCOME_UNKNOWN("outcome-unknown"),
    /** HTTP: nothing has that path. */
    NOT_FOUND("not-found"),
    /** HTTP: the resource does not have that method, or nothing has it. */
    METHOD_NOT_ALLOWED("method-not-allowed"),
    /** HTTP: the answer does not come in a form that the client accepts. */
    NOT_ACCEPTABLE("not-acceptable"),
    /** A document is larger than documents may be, or, over HTTP, a part of the request is longer than the server reads. */
    TOO_LARGE("too-large"),
    /** The request did not come in time. */
    TIMEOUT("timeout"),
    /** HTTP: the listener is asked by a name that it does not know. */
    UNKNOWN_HOST("unknown-host"),
    /** Admin: the store is not open yet. */
    STARTING("starting"),
    /** Admin: the drain cannot be cancelled, or not any more. */
    NOT_CANCELLABLE("not-cancellable"),
    /** The server has a bug; its log says more. */
    INTERNAL_ERROR("internal-error"),
    /** HTTP: the document is not as the request asks, or is not there; nothing was done. */
    PRECONDITION_FAILED("precondition-failed"),
    /** HTTP: the server has not come to the position that the request depends on; nothing was done. */
    POSITION_AHEAD("position-ahead"),
    /** HTTP: the body is not of a type that is taken here. */
    UNSUPPORTED_TYPE("unsupported-type"),
    /** HTTP: a web page of another origin asks for what only the server's own pages may do. */
    ORIGIN_NOT_ALLOWED("origin-not-allowed");

    /** What a client is told of {@link #STORE_DAMAGED}. */
    public static final String DAMAGED =
            "the store is damaged, to try again does not help: its operator has to restore it";

    /** What a client is told of {@link #TOO_MANY_FAILURES}. */
    public static final String NOBODYS =
            "too much was shown from your address that is nobody's: wait before you try again";

    /** What a client is told of {@link #TOO_MANY_CONNECTIONS}, if it is its identity that has them. */
    public static final String OF_IDENTITY =
            "your identity has as many connections already as it may: close one; the operator can raise"
                    + " tidegate.access.limits.connections";

    /** What a client is told of {@link #TOO_MANY_SNAPSHOTS}. */
    public static final String OF_SNAPSHOTS =
            "your identity reads as many snapshots at once already as it may: try again when one has ended; the operator"
                    + " can raise tidegate.access.limits.snapshots";

    private final String code;

    ErrorCode(String code) {
        this.code = code;
    }

    /** As it stands on the wire. */
    public String code() {
        return code;
    }
}
