package io.tidegate.http;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request: its head as it came, and its body as it comes.
 *
 * @param method as it stands in the request line
 * @param target the same, not decoded
 * @param version for example {@code HTTP/1.1}
 * @param headers in their order
 */
public record HttpRequest(String method, String target, String version, List<Header> headers, Body body) {

    /** A request of HTTP/1.1 without headers and without a body. */
    public static HttpRequest of(String method, String target) {
        return new HttpRequest(method, target, "HTTP/1.1", List.of(), Body.NONE);
    }

    /** The same with one more header. */
    public HttpRequest with(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new HttpRequest(method, target, version, List.copyOf(more), body);
    }

    HttpRequest with(Body coming) {
        return new HttpRequest(method, target, version, headers, coming);
    }

    /** The values of all lines with this name, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (Header header : headers) {
            if (header.is(name)) {
                values.add(header.value());
            }
        }
        return values;
    }

    /** The value of the first line with this name. */
    public Optional<String> first(String name) {
        for (Header header : headers) {
            if (header.is(name)) {
                return Optional.of(header.value());
            }
        }
        return Optional.empty();
    }

    /** Whether a header that is a list has this element. */
    boolean has(String name, String element) {
        for (String line : all(name)) {
            for (String each : line.split(",", -1)) {
                if (each.strip().equalsIgnoreCase(element)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether another request may follow on the connection (RFC 9112, section 9.3). */
    boolean isPersistent() {
        return !has("Connection", "close") && (!version.equals("HTTP/1.0") || has("Connection", "keep-alive"));
    }

    boolean is(String wanted) {
        return method.equals(wanted);
    }

    /** What comes from an HTTP client, one after the other. */
    sealed interface Part {

        /**
         * The head of a request; its body follows up to {@link End}.
         *
         * @param request without its body
         * @param length of the body in bytes; -1 if only its end tells
         */
        record Head(HttpRequest request, long length) implements Part {}

        /** A piece of a body. */
        record Piece(ByteString bytes) implements Part {}

        /** The end of a body, also of one without a byte. */
        record End() implements Part {}

        /** What is no request, or no body; nothing comes after it that could be read. */
        record Malformed(Problem problem) implements Part {}
    }
}
