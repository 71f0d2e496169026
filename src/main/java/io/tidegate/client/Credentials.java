package io.tidegate.client;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a client knows who the server is, and shows who it is itself.
 *
 * @param tls whom it trusts, and its own certificate if it has one; null for a connection in plain
 * @param token empty if it has none
 */
public record Credentials(@Nullable SSLContext tls, String token) {

    /** In plain, and nobody in particular. */
    public static final Credentials NONE = new Credentials(null, "");

    /** Without the token: it may come into a log. */
    @Override
    public String toString() {
        return (tls == null ? "in plain" : "over TLS") + (token.isEmpty() ? "" : ", with a token");
    }
}
