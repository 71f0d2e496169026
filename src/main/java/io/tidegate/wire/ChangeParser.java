package io.tidegate.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a change that is written as a JSON object:
 *
 * <pre>
 *  {"collection":"orders","key":"o-17","value":{"qty":5}}     a put
 *  {"collection":"orders","key":"o-17"}                       a delete
 * </pre>
 *
 * <p>The event lines {@code document}, {@code put} and {@code delete} are changes too, so that what one server sends another takes.
 */
final class ChangeParser {

    private final String text;
    private @Nullable String event;
    private @Nullable String collection;
    private @Nullable String key;
    private @Nullable String value;

    private ChangeParser(String text) {
        this.text = text;
    }

    static Change parse(byte[] bytes, int from, int to) throws RequestException {
        try {
            var parser = new ChangeParser(Json.decode(bytes, from, to));
            parser.readFields();
            return parser.change();
        } catch (IllegalArgumentException e) {
            throw new RequestException(ErrorCode.INVALID_JSON, String.valueOf(e.getMessage()));
        }
    }

    private void readFields() throws RequestException {
        try (JsonParser parser = Json.parser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw bad("a change is an object with collection, key and value");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                readField(parser.currentName(), parser);
            }
            if (parser.nextToken() != null) {
                throw bad("one object is expected, and nothing behind it");
            }
        } catch (JsonProcessingException e) {
            throw new RequestException(ErrorCode.INVALID_JSON, Json.mistake(e));
        } catch (IOException e) {
            throw new IllegalStateException("text cannot fail to be read", e);
        }
    }

    private void readField(String name, JsonParser parser) throws IOException, RequestException {
        JsonToken token = parser.nextToken();
        switch (name) {
            case "event" -> event = string(name, token, parser);
            case "collection" -> collection = string(name, token, parser);
            case "key" -> key = string(name, token, parser);
            case "value" -> value = source(parser);
            default -> parser.skipChildren();
        }
    }

    private static String string(String name, JsonToken token, JsonParser parser) throws IOException, RequestException {
        if (token != JsonToken.VALUE_STRING) {
            throw bad(name + " has to be a string");
        }
        return parser.getText();
    }

    /** The value as it was written. */
    private String source(JsonParser parser) throws IOException {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        return text.substring(start, (int) parser.currentLocation().getCharOffset());
    }

    private Change change() throws RequestException {
        if (collection == null || key == null) {
            throw bad("a change names its collection and its key");
        }
        boolean delete = event == null ? value == null : event.equals("delete");
        if (event != null && !delete && !event.equals("put") && !event.equals("document")) {
            throw bad("the event " + event + " is no change: leave event out, or send put, document or delete");
        }
        if (delete != (value == null)) {
            throw bad(delete ? "a delete has no value" : "a put has a value");
        }
        try {
            var where = new Collection(collection);
            var what = new Key(key);
            return value == null ? new Change.Delete(where, what) : new Change.Put(where, what, Json.of(value));
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    private static RequestException bad(String message) {
        return new RequestException(ErrorCode.BAD_REQUEST, message);
    }
}
