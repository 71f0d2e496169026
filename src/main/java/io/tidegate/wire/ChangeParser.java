package io.tidegate.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.document.Visible;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a change that is written as a JSON object:
 *
 * <pre>
 *  {"collection":"orders","key":"o-17","value":{"qty":5}}       a put
 *  {"event":"delete","collection":"orders","key":"o-17"}       a delete
 *  {"id":"f81d4fae","collection":"orders", …                   what it is called, so that it takes effect once
 * </pre>
 *
 * <p>What one server sends another takes: the event lines {@code document}, {@code put} and {@code delete} are changes too, and
 * those that tell where a client stands, such as {@code synced}, are none. A member that is not known, or is there twice, is
 * refused: it may be a {@code value} that was misspelt, and a delete has to be said.
 */
final class ChangeParser {

    private static final Set<String> CHANGES = Set.of("document", "put", "delete");

    /** Events that change nothing. An {@code error} is none of them: what has one in it is not whole. */
    private static final Set<String> SIGNS = Set.of(
            "subscribed",
            "synced",
            "resync",
            "heartbeat",
            "goodbye",
            "authenticated",
            "expiring",
            "accepted",
            "pong",
            "help",
            "snapshot",
            "condensed",
            "caughtup",
            "watching",
            "unwatched");

    private static final Set<String> MEMBERS = Set.of("event", "seq", "collection", "key", "value", "id");

    private static final int MOST_NAMED = 40;

    private final String text;
    private final Set<String> members = new HashSet<>();
    private @Nullable String stranger;
    private @Nullable String twice;
    private @Nullable String event;
    private @Nullable String collection;
    private @Nullable String key;
    private @Nullable String value;
    private @Nullable String id;

    private ChangeParser(String text) {
        this.text = text;
    }

    /** Null if it is an event that changes nothing. */
    static Request.@Nullable Publish parse(byte[] bytes, int from, int to) throws RequestException {
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
        if (!MEMBERS.contains(name)) {
            stranger = stranger == null ? name : stranger;
        } else if (!members.add(name)) {
            twice = name;
        }
        switch (name) {
            case "event" -> event = string(name, token, parser);
            case "collection" -> collection = string(name, token, parser);
            case "key" -> key = string(name, token, parser);
            case "id" -> id = string(name, token, parser);
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

    private Request.@Nullable Publish change() throws RequestException {
        if (event != null && SIGNS.contains(event) && collection == null && key == null && value == null) {
            return null;
        }
        requireChange();
        requireKnownMembers();
        if (collection == null || key == null) {
            throw bad("a change names its collection and its key");
        }
        try {
            var where = new Collection(collection);
            var what = new Key(key);
            boolean delete = "delete".equals(event);
            if (delete != (value == null)) {
                throw bad(delete ? "a delete has no value" : "a put has a value: to delete, send \"event\":\"delete\"");
            }
            PublicationId called = id == null ? null : new PublicationId(id);
            return new Request.Publish(
                    value == null ? new Change.Delete(where, what) : new Change.Put(where, what, Json.of(value)),
                    called);
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    private void requireChange() throws RequestException {
        if ("error".equals(event)) {
            throw bad("an error of the server that this was read from: what was read is not whole");
        }
        if (event != null && !CHANGES.contains(event)) {
            throw bad("the event " + shown(event) + " is no change: leave event out, or send put, document or delete");
        }
    }

    private void requireKnownMembers() throws RequestException {
        if (stranger != null) {
            throw bad("a change has no member " + shown(stranger)
                    + ": its members are event, seq, collection, key, value and id");
        }
        if (twice != null) {
            throw bad(twice + " is there twice: send it once");
        }
    }

    /** As a JSON string, so that it is one line and can be seen. */
    private static String shown(String name) {
        var quoted = new Utf8Buffer(MOST_NAMED);
        String cut = name.length() <= MOST_NAMED ? name : name.substring(0, MOST_NAMED) + "…";
        quoted.putJsonString(Visible.of(cut));
        return new String(quoted.toArray(), StandardCharsets.UTF_8);
    }

    private static RequestException bad(String message) {
        return new RequestException(ErrorCode.BAD_REQUEST, message);
    }
}
