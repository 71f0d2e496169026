package io.tidegate.client;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a client knows who the server is, and shows who it is itself.
 *
 * @param tls whom it trusts, and its own certificate if it has one; null for a connection in plain
 * @param token empty if it has none; the end of its line is left out
 */
public record Credentials(@Nullable SSLContext tls, String token) {

    /** In plain, and nobody in particular. */
    public static final Credentials NONE = new Credentials(null, "");

    public Credentials {
        token = token.strip();
        if (token.chars().anyMatch(Character::isWhitespace)) {
            // It would be more than one word, or line, of what the server is told. Not shown: it may come into a log.
            throw new IllegalArgumentException("a token has no spaces and no line breaks in it");
        }
    }

    /** Without the token: it may come into a log. */
    @Override
    public String toString() {
        return (tls == null ? "in plain" : "over TLS") + (token.isEmpty() ? "" : ", with a token");
    }
}
