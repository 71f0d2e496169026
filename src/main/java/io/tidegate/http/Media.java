package io.tidegate.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharset;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.MediaRange;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.Accept;
import akka.http.javadsl.model.headers.RawHeader;
import io.tidegate.wire.ErrorCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The forms in which things are sent, and the choice among them. */
public final class Media {

    /** Event lines, one JSON object a line. */
    public static final ContentType LINES = ContentTypes.parse("application/x-ndjson");

    public static final ContentType EVENT_STREAM = ContentTypes.parse("text/event-stream");
    public static final ContentType JSON = ContentTypes.parse("application/json");
    public static final ContentType PROBLEM = ContentTypes.parse("application/problem+json");

    /** The type of JSON that requests are read with: Akka's own does not tell which charset was given. */
    static final MediaType JSON_IN_ANY_CHARSET = MediaTypes.applicationWithOpenCharset("json");

    private static final Set<String> LINE_TYPES = Set.of("application/x-ndjson", "application/json");
    private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii", "ascii");

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
     * Demands a JSON value as the body: {@code application/json}, or a type of that form, such as {@code application/geo+json}.
     *
     * @throws Problem.Refusal 415, 417
     */
    public static void requireJson(HttpRequest request) throws Problem.Refusal {
        requireBody(
                request,
                "application/json, or another type of +json",
                type -> type.equals("application/json") || type.endsWith("+json"));
    }

    /**
     * Demands JSON values as the body, one a line.
     *
     * @throws Problem.Refusal 415, 417
     */
    static void requireLines(HttpRequest request) throws Problem.Refusal {
        requireBody(request, "application/x-ndjson or application/json", LINE_TYPES::contains);
    }

    /** A browser sends such a body for a foreign page only after it was given leave. */
    private static void requireBody(HttpRequest request, String taken, Predicate<String> isTaken)
            throws Problem.Refusal {
        ContentType sent = request.entity().getContentType();
        String type = sent.mediaType().mainType() + "/" + sent.mediaType().subType();
        if (!isTaken.test(type.toLowerCase(Locale.ROOT))) {
            throw unsupported("the body has to be " + taken + ", also an empty one: say so in Content-Type")
                    .refusal();
        }
        requireUtf8(request);
        requirePlain(request);
        requireNoOtherExpectation(request);
    }

    /** JSON is UTF-8 (RFC 8259, 8.1), of which ASCII is a part. */
    private static void requireUtf8(HttpRequest request) throws Problem.Refusal {
        Optional<String> charset =
                request.entity().getContentType().getCharsetOption().map(HttpCharset::value);
        if (charset.isPresent() && !CHARSETS.contains(charset.get().toLowerCase(Locale.ROOT))) {
            throw unsupported("the body has to be UTF-8: send it so, with charset=utf-8 or without a charset")
                    .refusal();
        }
    }

    private static void requirePlain(HttpRequest request) throws Problem.Refusal {
        for (String coding :
                String.join(",", Headers.all(request, "Content-Encoding")).split(",", -1)) {
            if (!coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
                throw unsupported("the body has to come as it is, not encoded: leave Content-Encoding out")
                        .with(RawHeader.create("Accept-Encoding", "identity"))
                        .refusal();
            }
        }
    }

    private static void requireNoOtherExpectation(HttpRequest request) throws Problem.Refusal {
        for (String expected : Headers.all(request, "Expect")) {
            if (!expected.strip().equalsIgnoreCase("100-continue")) {
                throw Problem.of(
                                StatusCodes.EXPECTATION_FAILED,
                                ErrorCode.BAD_REQUEST,
                                "nothing but 100-continue can be expected: leave Expect out")
                        .refusal();
            }
        }
    }

    private static Problem unsupported(String detail) {
        return Problem.of(StatusCodes.UNSUPPORTED_MEDIA_TYPE, ErrorCode.UNSUPPORTED_TYPE, detail);
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
