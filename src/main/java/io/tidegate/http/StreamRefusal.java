package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.wire.Events;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells a browser's {@code EventSource} of a refusal that may pass.
 *
 * <p>To an EventSource any answer but 200 is the end: it is closed, and never tries again. So what it can wait for it is told
 * by an event, and by the end of the stream, after which it comes back. What stays wrong however often it asks is told by the
 * status, as to everybody: so are an identity that is missing or nobody's, and one that may not read that. The page has to do
 * something about it, and is told that its EventSource is closed; to come back by itself would be to fail for ever.
 */
final class StreamRefusal {

    private static final Set<HttpResponseStatus> MAY_PASS = Set.of(
            HttpResponseStatus.GONE,
            HttpResponseStatus.TOO_MANY_REQUESTS,
            HttpResponseStatus.INTERNAL_SERVER_ERROR,
            HttpResponseStatus.SERVICE_UNAVAILABLE);

    private static final Set<HttpResponseStatus> SLOW =
            Set.of(HttpResponseStatus.GONE, HttpResponseStatus.TOO_MANY_REQUESTS);

    /**
     * Only the page can do something about a position that is gone; until it does, it is told again now and then. And where too
     * much has failed, every further attempt is one too many.
     */
    private static final int SLOW_RETRY_MILLIS = 10_000;

    private StreamRefusal() {}

    /** Whether it is told of this problem by an event. */
    static boolean concerns(HttpRequest request, Problem problem) {
        return request.is(Method.GET)
                && MAY_PASS.contains(problem.status())
                && request.all("Accept").stream()
                        .anyMatch(accept -> accept.toLowerCase(Locale.ROOT).contains("text/event-stream"));
    }

    static HttpResponse response(Problem problem) {
        return HttpResponse.ok().with(List.of(FeedRoutes.NO_STORE)).with(Media.EVENT_STREAM, stream(problem));
    }

    private static ByteString stream(Problem problem) {
        int retryMillis = SLOW.contains(problem.status()) ? SLOW_RETRY_MILLIS : ServerSentEvents.RETRY_MILLIS;
        var stream = new Utf8Buffer(256);
        stream.put(("retry: " + retryMillis + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        Events.error(problem.code(), problem.detail(), stream);
        stream.put((byte) '\n');
        return ByteString.fromArrayUnsafe(stream.toArray());
    }
}
