package io.tidegate.ledger;

/** How a connection is spoken to now. */
public enum Transport {
    /** A connection of a proxy that has not told for whom it is. */
    PROXY("proxy"),
    /** A connection whose TLS handshake is not over. */
    TLS("tls"),
    /** The line protocol on a bare connection. */
    TCP("tcp"),
    /** HTTP requests and responses. */
    HTTP("http"),
    /** A follower over HTTP that is sent event lines. */
    LINES("lines"),
    /** A follower over HTTP that is sent server-sent events. */
    SSE("sse"),
    /** The line protocol in the messages of a WebSocket. */
    WEB_SOCKET("websocket");

    private final String code;

    Transport(String code) {
        this.code = code;
    }

    /** As it stands in lists of connections. */
    public String code() {
        return code;
    }
}
