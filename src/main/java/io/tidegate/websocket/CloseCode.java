package io.tidegate.websocket;

/** Why the server closes a WebSocket: the code of its close frame (RFC 6455, section 7.4). */
public enum CloseCode {
    /** The client asked for it, by {@code quit} or by its own close. */
    NORMAL(1000),
    /** The server drains or the connection was shut down: come back, in the slot that the goodbye names. */
    GOING_AWAY(1001),
    /** The client's frames break RFC 6455; so would those of its next connection. */
    PROTOCOL_ERROR(1002),
    /** The client sent a binary message, and only text is understood. */
    UNSUPPORTED_DATA(1003),
    /** A text message or the reason of a close frame is not valid UTF-8. */
    INVALID_TEXT(1007),
    /** The client may not do what it did, for example be silent where pongs are due. */
    POLICY_VIOLATION(1008),
    /** A frame or a message is larger than the server reads: send smaller ones. */
    MESSAGE_TOO_BIG(1009),
    /** The server failed: come back later. */
    SERVER_ERROR(1011);

    private final int code;

    CloseCode(int code) {
        this.code = code;
    }

    /** As it stands on the wire. */
    public int code() {
        return code;
    }

    /**
     * Whether a peer may send this code: those that are registered for it, and 3000 to 4999 for libraries and
     * applications. 1004 to 1006 and 1015 never stand in a frame.
     */
    static boolean mayBeSent(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }
}
