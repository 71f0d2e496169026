package io.tidegate.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RetryAfter;
import akka.util.ByteString;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.wire.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An error as HTTP tells it: {@code application/problem+json} (RFC 9457) with a code of the protocol.
 *
 * @param detail one line that says what to do
 * @param headers what the status demands beside it
 * @param members more to say, by name
 */
public record Problem(
        StatusCode status, ErrorCode code, String detail, List<HttpHeader> headers, Map<String, Long> members) {

    /** The form of RFC 9110, section 5.6.7. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final HttpHeader RETRY_AFTER = RetryAfter.create(1L);

    /** Ends the work on a request with a problem as the answer. */
    public static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Problem problem;

        private Refusal(Problem problem) {
            // No stack trace: a client's mistake is an answer, not an event in the server.
            super(problem.detail, null, false, false);
            this.problem = problem;
        }

        public Problem problem() {
            return problem;
        }
    }

    /** A problem without headers of its own. */
    public static Problem of(StatusCode status, ErrorCode code, String detail) {
        return new Problem(status, code, detail, List.of(), Map.of());
    }

    /** A request that this resource does not understand: 400. */
    public static Problem badRequest(String detail) {
        return of(StatusCodes.BAD_REQUEST, ErrorCode.BAD_REQUEST, detail);
    }

    /** The server cannot do it now, but soon: 503, with the invitation to try again. */
    public static Problem unavailable(ErrorCode code, String detail) {
        return of(StatusCodes.SERVICE_UNAVAILABLE, code, detail).with(RETRY_AFTER);
    }

    /** What is asked for is damaged in the store, and will be: 500. */
    static Problem damaged(String what) {
        return of(StatusCodes.INTERNAL_SERVER_ERROR, ErrorCode.STORE_DAMAGED, what + ": " + ErrorCode.DAMAGED);
    }

    public Problem with(HttpHeader... more) {
        return new Problem(status, code, detail, List.of(more), members);
    }

    public Problem with(String member, long value) {
        Map<String, Long> more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(status, code, detail, headers, more);
    }

    public Refusal refusal() {
        return new Refusal(this);
    }

    public HttpResponse response() {
        return HttpResponse.create()
                .withStatus(status)
                .addHeaders(headers)
                .withEntity(HttpEntities.create(Media.PROBLEM, body()));
    }

    /** The whole response, for when no request can be answered; the connection ends after it. */
    ByteString raw() {
        return raw(List.of());
    }

    /** The same with more headers. */
    ByteString raw(List<HttpHeader> more) {
        return raw(status, joined(headers, more), Media.PROBLEM, body());
    }

    static List<HttpHeader> joined(List<HttpHeader> some, List<HttpHeader> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    static ByteString raw(StatusCode status, List<HttpHeader> headers, ContentType type, ByteString body) {
        var head = new StringBuilder("HTTP/1.1 " + status.intValue() + " " + status.reason() + "\r\n");
        headers.forEach(header -> put(head, header.name(), header.value()));
        put(head, HttpProtocol.NO_SNIFFING.name(), HttpProtocol.NO_SNIFFING.value());
        put(head, "Date", DATE.format(Instant.now()));
        put(head, "Content-Type", type.toString());
        put(head, "Content-Length", String.valueOf(body.size()));
        put(head, "Connection", "close");
        return ByteString.fromArrayUnsafe(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1))
                .concat(body)
                .compact();
    }

    private static void put(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private ByteString body() {
        var json = new Utf8Buffer(256);
        json.put(ascii("{\"type\":\"about:blank\",\"title\":")).putJsonString(status.reason());
        json.put(ascii(",\"status\":")).putDecimal(status.intValue());
        json.put(ascii(",\"detail\":")).putJsonString(detail);
        json.put(ascii(",\"code\":")).putJsonString(code.code());
        members.forEach((name, value) ->
                json.put(ascii(",")).putJsonString(name).put(ascii(":")).putDecimal(value));
        json.put(ascii("}\n"));
        return ByteString.fromArrayUnsafe(json.toArray());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
