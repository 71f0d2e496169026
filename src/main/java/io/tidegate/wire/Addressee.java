package io.tidegate.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which protocol's server a line seems to be meant for.
 *
 * <p>Any web page can have a browser send HTTP to any port. To answer the lines of its head one by one would be to execute
 * those of its body, which the page chose.
 */
public enum Addressee {
    /** It begins with the name of a request. */
    US,
    /** It begins with another word, perhaps with a mistyped one. */
    UNCLEAR,
    /** TLS, SSH, a PROXY header, anything that is no text. Can be a mistake of a client that made itself known before. */
    OTHERS,
    /** HTTP, or what is built like it. */
    HTTP;

    private static final Set<String> REQUESTS =
            Set.of("sync", "updates", "follow", "watch", "unwatch", "put", "delete", "auth", "ping", "help", "quit");

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private static final Set<String> PROXIED = Set.of("TCP4", "TCP6", "UNKNOWN");

    private static final Pattern VERSION = Pattern.compile("(HTTP|RTSP|SIP)/\\d(\\.\\d)?", Pattern.CASE_INSENSITIVE);

    private static final int LONGEST_VERSION = "HTTP/1.1".length();

    /** Of a line that is too long the beginning tells enough. */
    static final int MOST = 1024;

    /** Reads a line between two offsets, its end excluded. */
    static Addressee of(byte[] bytes, int from, int to) {
        return new Words(bytes, from, to, true).addressee();
    }

    /** Reads the beginning of a line whose end is not known. */
    static Addressee ofBeginning(byte[] bytes, int from, int to) {
        return new Words(bytes, from, Math.min(to, from + MOST), false).addressee();
    }

    /** Whether it is a control character, and none that a terminal sends for a key: bell to form feed, escape. */
    static boolean isNoText(byte b) {
        return b >= 0 && b < ' ' && (b < 0x07 || b > 0x0c) && b != 0x1b;
    }

    /** The words of a line that tell: the first two and the last. */
    private static final class Words {

        private final byte[] bytes;
        private final int from;
        private final int to;
        private final boolean whole;
        private int at;

        Words(byte[] bytes, int from, int to, boolean whole) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
            this.whole = whole;
            at = from;
        }

        Addressee addressee() {
            String first = next();
            if (whole && REQUESTS.contains(first) && !endsInDigit()) {
                // Nearly every line: a version, which makes it HTTP, would end in a digit.
                return US;
            }
            String second = next();
            if (REQUESTS.contains(first)) {
                // A page may choose the method, but not what the browser writes behind it.
                boolean ends = endsInVersion() || (!whole && next().isEmpty());
                return ends && isTarget(second) ? HTTP : US;
            }
            if (endsInVersion()
                    || (METHODS.contains(first) && isTarget(second))
                    || first.toLowerCase(Locale.ROOT).startsWith("host:")) {
                return HTTP;
            }
            return !whole || isGreeting(first, second) || !isText() ? OTHERS : UNCLEAR;
        }

        private static boolean isTarget(String word) {
            return word.startsWith("/") || word.equals("*") || word.contains("://");
        }

        private static boolean isGreeting(String first, String second) {
            return first.startsWith("SSH-")
                    || (first.endsWith(":") && first.length() > 1)
                    || (first.equals("PROXY") && PROXIED.contains(second));
        }

        private String next() {
            while (at < to && isBlank(bytes[at])) {
                at++;
            }
            int start = at;
            while (at < to && !isBlank(bytes[at])) {
                at++;
            }
            return new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
        }

        private static boolean isBlank(byte b) {
            return b == ' ' || b == '\t' || b == '\r';
        }

        private boolean endsInDigit() {
            int end = end();
            return end > from && bytes[end - 1] >= '0' && bytes[end - 1] <= '9';
        }

        /** Where the last word ends. */
        private int end() {
            int end = to;
            while (end > from && isBlank(bytes[end - 1])) {
                end--;
            }
            return end;
        }

        /** Whether the last word is like {@code HTTP/1.1}. */
        private boolean endsInVersion() {
            int end = end();
            int start = end;
            while (start > from && !isBlank(bytes[start - 1]) && end - start <= LONGEST_VERSION) {
                start--;
            }
            return start > from
                    && VERSION.matcher(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1))
                            .matches();
        }

        /** Whether it is UTF-8, and has no byte that is not for text. */
        private boolean isText() {
            for (int i = from; i < to; i++) {
                if (isNoText(bytes[i])) {
                    return false;
                }
            }
            try {
                var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
                return true;
            } catch (CharacterCodingException e) {
                return false;
            }
        }
    }
}
