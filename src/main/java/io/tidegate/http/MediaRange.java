package io.tidegate.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A media type as {@code Content-Type} names one, or a range of them as {@code Accept} does (RFC 9110, sections 8.3 and 12.5.1).
 *
 * @param type in lower case, without its parameters, for example {@code text/*}; empty if it is none
 * @param parameters by their names in lower case
 */
record MediaRange(String type, Map<String, String> parameters) {

    static final MediaRange NONE = new MediaRange("", Map.of());

    private static final String ANY = "*/*";

    /** Reads one; {@link #NONE} if it is none. */
    static MediaRange parse(String text) {
        String[] parts = text.split(";", -1);
        String type = parts[0].strip().toLowerCase(Locale.ROOT);
        if (type.indexOf('/') <= 0 || type.indexOf('/') == type.length() - 1) {
            return NONE;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                parameters.put(
                        parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        unquoted(parts[i].substring(equals + 1).strip()));
            }
        }
        return new MediaRange(type, Map.copyOf(parameters));
    }

    private static String unquoted(String value) {
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** All of them, without those that are none. */
    static List<MediaRange> list(List<String> lines) {
        List<MediaRange> ranges = new ArrayList<>();
        for (String line : lines) {
            for (String each : line.split(",", -1)) {
                MediaRange range = parse(each);
                if (!range.equals(NONE)) {
                    ranges.add(range);
                }
            }
        }
        return ranges;
    }

    /** Empty if it is not there. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    boolean includes(String other) {
        return type.equals(ANY)
                || type.equals(other)
                || (type.endsWith("/*") && other.startsWith(type.substring(0, type.length() - 1)));
    }

    int exactness() {
        return type.equals(ANY) ? 0 : type.endsWith("/*") ? 1 : 2;
    }

    /** 0 to 1; 1 if it says none, or none that can be read. */
    float quality() {
        try {
            String quality = parameter("q");
            return quality.isEmpty() ? 1 : Math.max(0, Math.min(1, Float.parseFloat(quality)));
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
