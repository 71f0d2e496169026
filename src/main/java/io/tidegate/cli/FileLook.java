package io.tidegate.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a file is, if it is not what is read here, by its first line; and what to do with it. */
final class FileLook {

    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    /** How the lines begin that the server prints, of those that may come first. */
    private static final List<byte[]> EVENTS = Stream.of(
                    "document\",\"collection\":",
                    "put\",\"seq\":",
                    "delete\",\"seq\":",
                    "subscribed\",\"epoch\":",
                    "snapshot\",\"documents\":",
                    "synced\",\"epoch\":",
                    "resync\",\"reason\":")
            .map(rest -> ("{\"event\":\"" + rest).getBytes(StandardCharsets.UTF_8))
            .toList();

    private FileLook() {}

    /** The end of a message, from its semicolon on; empty if the line tells nothing. */
    static String of(byte[] bytes, int from, int to) {
        if (startsWith(GZIP, bytes, from, to)) {
            return looksLike("gzip", "gunzip -c FILE");
        }
        if (startsWith(ZIP, bytes, from, to)) {
            return "; this looks like a zip archive: unpack it first";
        }
        if (isUtf16(bytes, from, to)) {
            return looksLike("UTF-16", "iconv -f UTF-16 -t UTF-8 FILE");
        }
        return ofText(bytes, from, to);
    }

    /** Whether it is an event of a server, which has its own collection and key. */
    static boolean isEvent(byte[] bytes, int from, int to) {
        return EVENTS.stream().anyMatch(beginning -> startsWith(beginning, bytes, from, to));
    }

    /** What to do with a file of events. */
    static String ofEvents() {
        return "this is what 'tidegate export', 'sync', 'follow' or /v1/documents printed, and has its own collections and"
                + " keys, try: tidegate import FILE";
    }

    private static String ofText(byte[] bytes, int from, int to) {
        byte first = from < to ? bytes[from] : 0;
        if (first == '<') {
            return "; this looks like XML or HTML: JSON is read here, one document a line or in an array";
        }
        if (first == '{') {
            return to - from > 1 && bytes[to - 1] == '}'
                    ? ""
                    : looksLike("a document of several lines", "jq -c . FILE");
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return "; this looks like a binary file: JSON is read here, one document a line or in an array";
            }
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] == ',' || bytes[i] == ';' || bytes[i] == '\t') {
                return looksLike("CSV", "mlr --icsv --ojsonl cat FILE");
            }
        }
        return "";
    }

    private static String looksLike(String what, String command) {
        return "; this looks like " + what + ", try: " + command + " | tidegate load - ...";
    }

    private static boolean isUtf16(byte[] bytes, int from, int to) {
        int end = Math.min(to, from + 4);
        for (int i = from; i < end; i++) {
            if (bytes[i] == 0 || bytes[i] == (byte) 0xff) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] magic, byte[] bytes, int from, int to) {
        return to - from >= magic.length && Arrays.equals(bytes, from, from + magic.length, magic, 0, magic.length);
    }
}
