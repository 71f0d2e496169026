package io.tidegate.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a request has a token: in {@code Authorization: Bearer} (RFC 6750), or in the cookie that stands for it. */
final class Bearer {

    /** A browser sends it to this very host only, over TLS, and lets no other host set it. */
    static final String COOKIE = "__Host-tidegate";

    /** More than these characters a cookie cannot have (RFC 6265, section 4.1.1). */
    private static final Pattern COOKIE_VALUE = Pattern.compile("[!#-+\\--:<-\\[\\]-~]{1,4000}");

    private static final Pattern CREDENTIALS = Pattern.compile("(?i:Bearer) +([!-~]+) *");

    private Bearer() {}

    /**
     * The token in the header; null if there is no such header.
     *
     * @throws Problem.Refusal 401 if it is there, and is no token
     */
    static @Nullable String token(HttpRequest request) throws Problem.Refusal {
        List<String> lines = request.all("Authorization");
        if (lines.isEmpty()) {
            return null;
        }
        Matcher credentials = CREDENTIALS.matcher(lines.get(0));
        if (lines.size() > 1 || !credentials.matches()) {
            throw Caller.MALFORMED.refusal();
        }
        return credentials.group(1);
    }

    /** Whether a cookie can have it as its value. */
    static boolean fitsCookie(String token) {
        return COOKIE_VALUE.matcher(token).matches();
    }

    /**
     * The token in the cookie; null if there is none, or if it does not count: a WebSocket, which any page may open, has to be
     * opened by a page of this listener.
     */
    static @Nullable String cookie(HttpRequest request, Target target) {
        if (!request.all("Upgrade").isEmpty() && !BrowserGuard.isOfOwnPage(request, target)) {
            return null;
        }
        List<String> values = new ArrayList<>(1);
        for (String line : request.all("Cookie")) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(COOKIE)) {
                    values.add(pair.substring(equals + 1).strip());
                }
            }
        }
        // A browser sends one: of two, nobody knows which is meant.
        return values.size() == 1 && !values.get(0).isEmpty() ? values.get(0) : null;
    }
}
