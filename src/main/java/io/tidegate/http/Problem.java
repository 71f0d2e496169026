package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.connection.NotTaken;
import io.tidegate.document.JsonText;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Publication;
import io.tidegate.wire.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An error as HTTP tells it: {@code application/problem+json} (RFC 9457) with a code of the protocol.
 *
 * @param detail one line that says what to do
 * @param headers what the status demands beside it
 * @param members more to say, by name
 */
public record Problem(
        HttpResponseStatus status, ErrorCode code, String detail, List<Header> headers, Map<String, Long> members) {

    /** As RFC 9110 calls them. */
    static final HttpResponseStatus CONTENT_TOO_LARGE = new HttpResponseStatus(413, "Content Too Large");

    static final HttpResponseStatus URI_TOO_LONG = new HttpResponseStatus(414, "URI Too Long");

    private static final Header RETRY_AFTER = new Header("Retry-After", "1");

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
    public static Problem of(HttpResponseStatus status, ErrorCode code, String detail) {
        return new Problem(status, code, detail, List.of(), Map.of());
    }

    /** A request that this resource does not understand: 400. */
    public static Problem badRequest(String detail) {
        return of(HttpResponseStatus.BAD_REQUEST, ErrorCode.BAD_REQUEST, detail);
    }

    /** The server cannot do it now, but soon: 503, with the invitation to try again. */
    public static Problem unavailable(ErrorCode code, String detail) {
        return of(HttpResponseStatus.SERVICE_UNAVAILABLE, code, detail).with(RETRY_AFTER);
    }

    /** What is asked for is damaged in the store, and will be: 500. */
    static Problem damaged(String what) {
        return of(HttpResponseStatus.INTERNAL_SERVER_ERROR, ErrorCode.STORE_DAMAGED, what + ": " + ErrorCode.DAMAGED);
    }

    /** A change that the feed has refused. */
    static Problem notTaken(Publication.Refusal refusal, Feed feed) {
        NotTaken why = NotTaken.of(refusal, feed);
        return switch (refusal) {
            case DRAINING, STORE_FAILED, UNAVAILABLE -> unavailable(why.code(), why.message());
            case TOO_LARGE -> of(CONTENT_TOO_LARGE, why.code(), why.message());
            case PRECONDITION_FAILED -> of(HttpResponseStatus.PRECONDITION_FAILED, why.code(), why.message());
            case STORE_DAMAGED -> of(HttpResponseStatus.INTERNAL_SERVER_ERROR, why.code(), why.message());
            case UNKNOWN -> of(HttpResponseStatus.GATEWAY_TIMEOUT, why.code(), why.message());
        };
    }

    public Problem with(Header... more) {
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
        return HttpResponse.of(status).with(headers).with(Media.PROBLEM, body());
    }

    private ByteString body() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "about:blank");
        fields.put("title", status.reasonPhrase());
        fields.put("status", status.code());
        fields.put("detail", detail);
        fields.put("code", code.code());
        fields.putAll(members);
        return ByteString.fromArrayUnsafe(JsonText.line(fields));
    }
}
