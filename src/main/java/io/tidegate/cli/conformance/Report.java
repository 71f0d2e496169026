package io.tidegate.cli.conformance;

import io.tidegate.cli.JsonTree;
import io.tidegate.document.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a program says that it has: {@code {"position":"k7f3x2ab:12","documents":{"k1":…,…}}}, one line.
 *
 * @param documents by their keys
 */
record Report(Position position, Map<String, Object> documents) {

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    static Report parse(String line) {
        try {
            if (JsonTree.read(line.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> fields
                    && fields.get("position") instanceof String position
                    && fields.get("documents") instanceof Map<?, ?> documents) {
                Map<String, Object> byKey = new TreeMap<>();
                documents.forEach((key, value) -> byKey.put(String.valueOf(key), value));
                return new Report(Position.parse(position), byKey);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("it is not JSON", e);
        }
        throw new IllegalArgumentException("it has no position, or no documents");
    }

    /** A document as the server has it. */
    static Map<String, Object> value(int number, String text) {
        return Map.of("n", number, "text", text, "list", List.of(1, true));
    }
}
