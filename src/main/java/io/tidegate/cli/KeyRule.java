package io.tidegate.cli;

import io.tidegate.document.Json;
import io.tidegate.document.Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How the documents of a file get their keys. */
interface KeyRule {

    /** Each document has the number of its line, or of its item, as its key. */
    KeyRule NUMBER = (document, number) -> new Key(Long.toString(number));

    /**
     * The key of one document.
     *
     * @param number of the document's line or item
     * @throws IllegalArgumentException with a message for the user if it has no key
     */
    Key keyOf(Json document, long number);

    /**
     * A field of the documents, or several whose texts are joined by commas.
     *
     * @throws IllegalArgumentException with a message for the user if it is not names with commas between them
     */
    static KeyRule fields(String text) {
        List<KeyPath> paths =
                Arrays.stream(text.split(",", -1)).map(KeyPath::parse).toList();
        return paths.size() == 1 ? (document, number) -> key(paths.get(0), document) : new Composite(paths);
    }

    private static Key key(KeyPath path, Json document) {
        String text = path.textOf(document);
        try {
            return new Key(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its field '" + path + "' cannot be the key: " + e.getMessage(), e);
        }
    }

    /** The texts of several fields, joined by commas. */
    record Composite(List<KeyPath> paths) implements KeyRule {
        @Override
        public Key keyOf(Json document, long number) {
            List<String> texts = new ArrayList<>();
            for (KeyPath path : paths) {
                texts.add(path.textOf(document));
            }
            try {
                return new Key(String.join(",", texts));
            } catch (IllegalArgumentException e) {
                String names = paths.stream().map(KeyPath::toString).collect(Collectors.joining(","));
                throw new IllegalArgumentException(
                        "its fields '" + names + "' cannot be the key: " + e.getMessage(), e);
            }
        }
    }
}
