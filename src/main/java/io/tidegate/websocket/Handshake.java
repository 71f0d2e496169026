package io.tidegate.websocket;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whether an HTTP request opens a WebSocket (RFC 6455, section 4.2). No extension and no subprotocol is agreed on; the
 * origin is checked elsewhere.
 */
public sealed interface Handshake {

    /** What the answer to another version says: what to upgrade to (RFC 9110, section 15.5.22). */
    Map<String, String> RIGHT_VERSION =
            Map.of("Sec-WebSocket-Version", "13", "Upgrade", "websocket", "Connection", "Upgrade");

    /**
     * The answer is 101 with {@code Upgrade: websocket}, {@code Connection: Upgrade} and this.
     *
     * @param accept value of {@code Sec-WebSocket-Accept}
     */
    record Accepted(String accept) implements Handshake {}

    /**
     * The answer is an error.
     *
     * @param status 400 for a malformed handshake, 405 for another method than GET, 426 for another version
     * @param reason for the client: one line of what to do
     * @param headers that belong to the answer, by name
     */
    record Refused(int status, String reason, Map<String, String> headers) implements Handshake {}

    /**
     * Checks a request.
     *
     * @param method as it stands in the request line
     * @param httpVersion as it stands in the request line, for example {@code HTTP/1.1}
     * @param headers from a name, in any case, to the values of all headers of that name; empty if there is none
     */
    static Handshake of(String method, String httpVersion, Function<String, List<String>> headers) {
        if (!method.equals("GET")) {
            return new Refused(405, "open a WebSocket by GET", Map.of("Allow", "GET"));
        }
        String malformed = malformed(httpVersion, headers);
        if (malformed != null) {
            return new Refused(400, malformed, Map.of());
        }
        if (!headers.apply("Sec-WebSocket-Version").equals(List.of("13"))) {
            return new Refused(426, "use version 13 of the WebSocket protocol", RIGHT_VERSION);
        }
        return new Accepted(
                HandshakeKey.accept(headers.apply("Sec-WebSocket-Key").get(0)));
    }

    private static @Nullable String malformed(String httpVersion, Function<String, List<String>> headers) {
        if (!httpVersion.equals("HTTP/1.1")) {
            return "open a WebSocket by HTTP/1.1";
        }
        if (headers.apply("Host").size() != 1) {
            return "send one Host header";
        }
        if (!hasToken(headers.apply("Upgrade"), "websocket")) {
            return "send the header Upgrade: websocket";
        }
        if (!hasToken(headers.apply("Connection"), "Upgrade")) {
            return "send the header Connection: Upgrade";
        }
        if (headers.apply("Sec-WebSocket-Version").size() != 1) {
            return "send one header Sec-WebSocket-Version: 13";
        }
        List<String> keys = headers.apply("Sec-WebSocket-Key");
        return keys.size() == 1 && HandshakeKey.isValid(keys.get(0))
                ? null
                : "send one Sec-WebSocket-Key: 16 bytes in Base64";
    }

    /** Each value may be a list of its own. */
    private static boolean hasToken(List<String> values, String token) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .anyMatch(element -> element.strip().equalsIgnoreCase(token));
    }
}
