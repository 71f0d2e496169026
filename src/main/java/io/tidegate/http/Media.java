package io.tidegate.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.MediaRange;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.Accept;
import io.tidegate.wire.ErrorCode;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The forms in which things are sent, and the choice among them. */
public final class Media {

    /** Event lines, one JSON object a line. */
    public static final ContentType LINES = ContentTypes.parse("application/x-ndjson");

    public static final ContentType EVENT_STREAM = ContentTypes.parse("text/event-stream");
    public static final ContentType JSON = ContentTypes.parse("application/json");
    public static final ContentType PROBLEM = ContentTypes.parse("application/problem+json");

    private Media() {}

    /**
     * What the client likes best.
     *
     * @param offered the server's own order, which decides where the client has none
     * @throws Problem.Refusal 406 if it accepts none of these
     */
    public static ContentType choose(HttpRequest request, ContentType... offered) throws Problem.Refusal {
        ContentType best = offered[0];
        float quality = quality(request, best);
        for (ContentType each : offered) {
            if (quality(request, each) > quality) {
                best = each;
                quality = quality(request, each);
            }
        }
        if (quality <= 0) {
            String forms = Arrays.stream(offered).map(ContentType::toString).collect(Collectors.joining(" or "));
            throw Problem.of(
                            StatusCodes.NOT_ACCEPTABLE,
                            ErrorCode.NOT_ACCEPTABLE,
                            "the answer comes as " + forms + ": accept one of these")
                    .refusal();
        }
        return best;
    }

    /**
     * Demands a body of one of these types. A browser sends such a one for a foreign page only after it was given leave.
     *
     * @throws Problem.Refusal 415
     */
    public static void requireBody(HttpRequest request, ContentType... taken) throws Problem.Refusal {
        MediaType sent = request.entity().getContentType().mediaType();
        if (Arrays.stream(taken).noneMatch(type -> isSame(type.mediaType(), sent))) {
            String types = Arrays.stream(taken).map(ContentType::toString).collect(Collectors.joining(" or "));
            throw Problem.of(
                            StatusCodes.UNSUPPORTED_MEDIA_TYPE,
                            ErrorCode.UNSUPPORTED_TYPE,
                            "the body has to be " + types + ": say so in Content-Type")
                    .refusal();
        }
    }

    /** Whatever the parameters. */
    private static boolean isSame(MediaType one, MediaType other) {
        return one.mainType().equals(other.mainType()) && one.subType().equals(other.subType());
    }

    /** By the range that names it most exactly. */
    private static float quality(HttpRequest request, ContentType type) {
        float quality = -1;
        int exactness = -1;
        boolean any = false;
        for (Accept accept : request.getHeaders(Accept.class)) {
            for (MediaRange range : accept.getMediaRanges()) {
                any = true;
                if (range.matches(type.mediaType()) && exactness(range) > exactness) {
                    exactness = exactness(range);
                    quality = range.qValue();
                }
            }
        }
        return any ? quality : 1;
    }

    private static int exactness(MediaRange range) {
        if (range.mainType().equals("*")) {
            return 0;
        }
        return range.toString().contains("/*") ? 1 : 2;
    }
}
