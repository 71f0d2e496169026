package io.tidegate.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import java.io.IOException;
import java.util.List;

/**
 * Where a document has its key.
 *
 * @param fields names of fields within one another; most often one, {@code id}
 */
record KeyPath(List<String> fields) {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** @throws IllegalArgumentException if it is not names with dots between them */
    static KeyPath parse(String text) {
        List<String> fields = List.of(text.split("\\.", -1));
        if (fields.contains("")) {
            throw new IllegalArgumentException("a field is a name such as id, or a path such as properties.code");
        }
        return new KeyPath(fields);
    }

    /**
     * Reads the key of one document.
     *
     * @throws IllegalArgumentException with a message for the user if it is not JSON or has no key there
     */
    Key keyOf(byte[] bytes, int from, int to) {
        // The server would refuse it too, but only after a journey that makes the line harder to name.
        var unused = Json.of(bytes, from, to - from);
        try (JsonParser parser = FACTORY.createParser(bytes, from, to - from)) {
            parser.nextToken();
            for (String field : fields) {
                descend(parser, field);
            }
            return key(parser);
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    private void descend(JsonParser parser, String field) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals(field);
                parser.nextToken();
                if (found) {
                    return;
                }
                parser.skipChildren();
            }
        }
        throw new IllegalArgumentException("it has no field '" + this + "' for the key");
    }

    private Key key(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_STRING && !token.isNumeric()) {
            throw new IllegalArgumentException("its field '" + this + "' is neither a string nor a number");
        }
        try {
            return new Key(parser.getText());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its field '" + this + "' cannot be the key: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return String.join(".", fields);
    }
}
