package io.tidegate.http;

import akka.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The head of a request that nobody will answer: as much of it as tells how to refuse it. */
final class RawHead {

    /** Longer heads are not waited for. */
    static final int MOST_BYTES = 8 * 1024;

    private static final String END = "\r\n\r\n";

    private RawHead() {}

    /** Whether nothing more of it is to come, or is worth being waited for. */
    static boolean isWhole(ByteString bytes) {
        return bytes.size() >= MOST_BYTES || text(bytes).contains(END);
    }

    /** A request with its headers as they came, if it is a GET; null if it is another, or none, or not whole. */
    static @Nullable HttpRequest get(ByteString bytes) {
        String text = text(bytes);
        int end = text.indexOf(END);
        if (end < 0 || !text.startsWith("GET ")) {
            return null;
        }
        HttpRequest request = HttpRequest.of(Method.GET, "/");
        String[] lines = text.substring(0, end).split("\r\n", -1);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                request = request.with(
                        lines[i].substring(0, colon),
                        lines[i].substring(colon + 1).strip());
            }
        }
        return request;
    }

    private static String text(ByteString bytes) {
        return bytes.take(MOST_BYTES).decodeString("ISO-8859-1");
    }
}
