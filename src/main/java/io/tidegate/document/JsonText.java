package io.tidegate.document;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Values as JSON: maps with names as their keys, lists, strings, numbers and truth values. */
public final class JsonText {

    private JsonText() {}

    /** In one line, without its end. */
    public static String of(Object value) {
        var json = new Utf8Buffer(256);
        put(value, json);
        return new String(json.array(), 0, json.length(), StandardCharsets.UTF_8);
    }

    public static void put(Object value, Utf8Buffer json) {
        if (value instanceof Map<?, ?> fields) {
            char before = '{';
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                json.put((byte) before)
                        .putJsonString(String.valueOf(field.getKey()))
                        .put((byte) ':');
                put(field.getValue(), json);
                before = ',';
            }
            json.put(ascii(fields.isEmpty() ? "{}" : "}"));
        } else if (value instanceof List<?> values) {
            char before = '[';
            for (Object each : values) {
                json.put((byte) before);
                put(each, json);
                before = ',';
            }
            json.put(ascii(values.isEmpty() ? "[]" : "]"));
        } else if (value instanceof Number || value instanceof Boolean) {
            json.put(ascii(value.toString()));
        } else {
            json.putJsonString(value.toString());
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
