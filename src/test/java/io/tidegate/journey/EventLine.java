package io.tidegate.journey;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * An event as it came over the wire, read by its exact bytes.
 *
 * @param kind what stands behind {@code "event":}
 * @param seq the sequence number that an update, an answer or a heartbeat begins with; -1 if the event has none there
 * @param rest what follows, without the closing brace. For a document and an update this is the {@link Change#content}.
 */
record EventLine(String kind, long seq, String rest) {

    private static final String START = "{\"event\":\"";
    private static final String SEQ = ",\"seq\":";

    /** From this length on a value is kept as its checksum: the journeys remember every update. */
    private static final int LONG_CONTENT = 1024;

    private static final String VALUE = ",\"value\":";

    /** Reads one line; bytes that are not one whole event line are a violation of the protocol. */
    static EventLine parse(byte[] bytes, int from, int to) {
        String head = text(bytes, from, Math.min(to, from + LONG_CONTENT));
        int kindEnd = head.indexOf('"', START.length());
        if (!head.startsWith(START) || kindEnd < 0 || bytes[to - 1] != '}') {
            throw new AssertionError("not an event line: " + head);
        }
        String kind = head.substring(START.length(), kindEnd);
        int at = kindEnd + 1;
        long seq = -1;
        if (head.startsWith(SEQ, at)) {
            int digits = at + SEQ.length();
            at = digits;
            while (Character.isDigit(head.charAt(at))) {
                at++;
            }
            seq = Long.parseLong(head, digits, at, 10);
        }
        // All up to here is ASCII: characters are bytes.
        int rest = Math.min(from + at + 1, to - 1);
        return new EventLine(kind, seq, content(bytes, rest, to - 1));
    }

    /** The content of a document or update, with a long value replaced by its checksum. */
    static String content(byte[] bytes, int from, int to) {
        if (to - from < LONG_CONTENT) {
            return text(bytes, from, to);
        }
        String head = text(bytes, from, from + LONG_CONTENT);
        int value = head.indexOf(VALUE) + VALUE.length();
        var checksum = new CRC32C();
        checksum.update(bytes, from + value, to - from - value);
        return head.substring(0, value) + "#" + Long.toHexString(checksum.getValue()) + "/" + (to - from - value);
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** What a content is about: its collection and key. */
    static String subject(String content) {
        int value = content.indexOf(VALUE);
        return value < 0 ? content : content.substring(0, value);
    }

    static boolean isDelete(String content) {
        return !content.contains(VALUE);
    }

    /** A number in an event that is no update. */
    long number(String name) {
        return Long.parseLong(field(name));
    }

    /** A number or a text without escapes in an event that is no update. */
    String field(String name) {
        String before = "\"" + name + "\":";
        int from = rest.indexOf(before);
        if (from < 0) {
            throw new AssertionError("no \"" + name + "\" in " + this);
        }
        from += before.length();
        boolean quoted = rest.charAt(from) == '"';
        int start = quoted ? from + 1 : from;
        int end = start;
        while (end < rest.length() && rest.charAt(end) != (quoted ? '"' : ',')) {
            end++;
        }
        return rest.substring(start, end);
    }
}
