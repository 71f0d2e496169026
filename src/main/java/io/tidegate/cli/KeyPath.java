package io.tidegate.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.document.Json;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a document has its key, or a part of it.
 *
 * @param fields names of fields within one another; most often one, {@code id}
 */
record KeyPath(List<String> fields) {

    /** @throws IllegalArgumentException with a message for the user if it is not names with dots between them */
    static KeyPath parse(String text) {
        List<String> fields = List.of(text.split("\\.", -1));
        if (fields.contains("")) {
            throw new IllegalArgumentException(
                    "a field is a name such as id, or a path such as properties.code; several have commas between them");
        }
        return new KeyPath(fields);
    }

    /**
     * Reads what a document has there. All of it is read: of two fields of that name neither can be taken for the other.
     *
     * @throws IllegalArgumentException with a message for the user if there is nothing, or nothing that can be a key
     */
    String textOf(Json document) {
        try (JsonParser parser = Json.parser(document.toString())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is not an object, which the field '" + this + "' could be of");
            }
            String text = find(parser, 0);
            if (text == null) {
                throw new IllegalArgumentException("it has no field '" + this + "' for the key");
            }
            return text;
        } catch (IOException e) {
            throw new IllegalStateException("checked JSON cannot fail to be read", e);
        }
    }

    /** Reads the object that was begun to its end; null if it does not have what is looked for. */
    private @Nullable String find(JsonParser parser, int level) throws IOException {
        String found = null;
        boolean seen = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean here = parser.currentName().equals(fields.get(level));
            JsonToken token = parser.nextToken();
            if (!here) {
                parser.skipChildren();
                continue;
            }
            if (seen) {
                throw new IllegalArgumentException("it has the field '" + this + "' twice: which is the key?");
            }
            seen = true;
            found = level == fields.size() - 1 ? scalar(parser, token) : within(parser, token, level + 1);
        }
        return found;
    }

    private @Nullable String within(JsonParser parser, JsonToken token, int level) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            return find(parser, level);
        }
        parser.skipChildren();
        return null;
    }

    private String scalar(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_STRING && !token.isNumeric()) {
            throw new IllegalArgumentException("its field '" + this + "' is neither a string nor a number");
        }
        return parser.getText();
    }

    @Override
    public String toString() {
        return String.join(".", fields);
    }
}
