package io.tidegate.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whose page asks, as browsers say it in the header {@code Origin} (RFC 6454): a scheme, and who was asked for the page. */
record Origin(boolean isSecure, Authority authority) {

    private static final String PLAIN = "http://";
    private static final String SECURE = "https://";
    private static final int PLAIN_PORT = 80;
    private static final int SECURE_PORT = 443;

    /** Reads one; null if it is none, such as {@code null}, which stands for a page that belongs to nobody. */
    static @Nullable Origin parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean secure = lower.startsWith(SECURE);
        if (!secure && !lower.startsWith(PLAIN)) {
            return null;
        }
        Authority authority = Authority.parse(lower.substring((secure ? SECURE : PLAIN).length()));
        return authority == null || authority.isEmpty() ? null : new Origin(secure, withPort(authority, secure));
    }

    /** The port that a browser leaves out is one all the same. */
    private static Authority withPort(Authority authority, boolean secure) {
        return authority.port() >= 0 ? authority : new Authority(authority.host(), secure ? SECURE_PORT : PLAIN_PORT);
    }

    /** Whether the page was loaded from whoever is asked now; by which scheme only what ends TLS in front of them knows. */
    boolean isOf(Authority asked) {
        return authority.isSame(asked, isSecure ? SECURE_PORT : PLAIN_PORT);
    }
}
