package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the heads of responses (RFC 9112). */
final class ResponseHead {

    /** How the client knows where the body ends. */
    enum Body {
        /** By its length. */
        WHOLE,
        /** It comes in chunks. */
        CHUNKED,
        /** By the end of the connection. */
        UP_TO_THE_END,
        /** There can be none. */
        NONE;

        /** That of a reply that is not streamed. */
        static Body of(Reply reply) {
            int status = reply.head().status().code();
            return reply instanceof Reply.Switching || status == 204 || status == 304 ? NONE : WHOLE;
        }

        /** That of a reply that is streamed; in chunks if the client knows of them. */
        static Body streamed(boolean inChunks) {
            return inChunks ? CHUNKED : UP_TO_THE_END;
        }
    }

    private record Dated(long second, String date) {}

    /** The form of RFC 9110, section 5.6.7. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** No browser guesses that an answer is something else than it says, such as a page with scripts. */
    private static final Header NO_SNIFFING = new Header("X-Content-Type-Options", "nosniff");

    private static volatile Dated now = new Dated(Long.MIN_VALUE, "");

    private ResponseHead() {}

    /**
     * The bytes of a head.
     *
     * @param connection what is said of the connection; empty if it goes on as usual
     */
    static ByteString of(HttpResponse response, Body body, String connection) {
        HttpResponseStatus status = response.status();
        var head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(status.codeAsText())
                .append(' ')
                .append(status.reasonPhrase())
                .append("\r\n");
        response.headers().forEach(header -> put(head, header));
        put(head, NO_SNIFFING);
        put(head, "Date", date());
        if (!connection.isEmpty()) {
            put(head, "Connection", connection);
        }
        if (!response.type().isEmpty()) {
            put(head, "Content-Type", response.type());
        }
        if (body == Body.CHUNKED) {
            put(head, "Transfer-Encoding", "chunked");
        } else if (body == Body.WHOLE) {
            put(head, "Content-Length", String.valueOf(response.body().size()));
        }
        return ByteString.fromArrayUnsafe(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void put(StringBuilder head, Header header) {
        put(head, header.name(), header.value());
    }

    private static void put(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    /** The whole response, for when no request can be answered; the connection ends after it. */
    static ByteString last(HttpResponse response) {
        return of(response, Body.WHOLE, "close").concat(response.body()).compact();
    }

    /** Made once a second. */
    private static String date() {
        Instant instant = Instant.now();
        Dated last = now;
        if (last.second() != instant.getEpochSecond()) {
            last = new Dated(instant.getEpochSecond(), DATE.format(instant));
            now = last;
        }
        return last.date();
    }
}
