package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.wire.ErrorCode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** The forms in which things are sent, and the choice among them. */
public final class Media {

    /** Event lines, one JSON object a line. */
    public static final String LINES = "application/x-ndjson";

    public static final String EVENT_STREAM = "text/event-stream";
    public static final String JSON = "application/json";
    public static final String PROBLEM = "application/problem+json";

    private static final Set<String> LINE_TYPES = Set.of("application/x-ndjson", "application/json");
    private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii", "ascii");

    private Media() {}

    /**
     * What the client likes best.
     *
     * @param offered the server's own order, which decides where the client has none
     * @throws Problem.Refusal 406 if it accepts none of these
     */
    public static String choose(HttpRequest request, String... offered) throws Problem.Refusal {
        String best = offered[0];
        float quality = quality(request, best);
        for (String each : offered) {
            if (quality(request, each) > quality) {
                best = each;
                quality = quality(request, each);
            }
        }
        if (quality <= 0) {
            String forms = String.join(" or ", offered);
            throw Problem.of(
                            HttpResponseStatus.NOT_ACCEPTABLE,
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
        MediaRange sent = sent(request);
        if (!isTaken.test(sent.type())) {
            throw unsupported("the body has to be " + taken + ", also an empty one: say so in Content-Type")
                    .refusal();
        }
        requireUtf8(sent);
        requirePlain(request);
        requireNoOtherExpectation(request);
    }

    private static MediaRange sent(HttpRequest request) {
        List<String> lines = request.all("Content-Type");
        return lines.size() == 1 ? MediaRange.parse(lines.get(0)) : MediaRange.NONE;
    }

    /** JSON is UTF-8 (RFC 8259, 8.1), of which ASCII is a part. */
    private static void requireUtf8(MediaRange sent) throws Problem.Refusal {
        String charset = sent.parameter("charset");
        if (!charset.isEmpty() && !CHARSETS.contains(charset.toLowerCase(Locale.ROOT))) {
            throw unsupported("the body has to be UTF-8: send it so, with charset=utf-8 or without a charset")
                    .refusal();
        }
    }

    private static void requirePlain(HttpRequest request) throws Problem.Refusal {
        for (String coding : String.join(",", request.all("Content-Encoding")).split(",", -1)) {
            if (!coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
                throw unsupported("the body has to come as it is, not encoded: leave Content-Encoding out")
                        .with(new Header("Accept-Encoding", "identity"))
                        .refusal();
            }
        }
    }

    private static void requireNoOtherExpectation(HttpRequest request) throws Problem.Refusal {
        for (String expected : request.all("Expect")) {
            if (!expected.strip().equalsIgnoreCase("100-continue")) {
                throw Problem.of(
                                HttpResponseStatus.EXPECTATION_FAILED,
                                ErrorCode.BAD_REQUEST,
                                "nothing but 100-continue can be expected: leave Expect out")
                        .refusal();
            }
        }
    }

    private static Problem unsupported(String detail) {
        return Problem.of(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, ErrorCode.UNSUPPORTED_TYPE, detail);
    }

    /** By the range that names it most exactly. */
    private static float quality(HttpRequest request, String type) {
        List<MediaRange> ranges = MediaRange.list(request.all("Accept"));
        return ranges.stream()
                .filter(range -> range.includes(type))
                .max(Comparator.comparingInt(MediaRange::exactness))
                .map(MediaRange::quality)
                .orElse(ranges.isEmpty() ? 1f : 0f);
    }
}
