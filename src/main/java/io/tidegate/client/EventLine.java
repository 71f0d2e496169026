package io.tidegate.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An event line of the server. A document's value, which comes last, is not looked at. */
public final class EventLine {

    /** No text of a line has this inside, since a quotation mark there has a backslash before it. */
    private static final byte[] VALUE = ",\"value\":".getBytes(StandardCharsets.US_ASCII);

    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, String> fields = new HashMap<>();
    private final Map<String, List<String>> lists = new HashMap<>();

    private EventLine() {}

    /**
     * Reads the current line.
     *
     * @throws ProtocolException if it is no event: whoever answers there is not Tidegate
     */
    public static EventLine of(LineReader line) throws ProtocolException {
        try (JsonParser parser = FACTORY.createParser(line.bytes(), line.from(), line.to() - line.from())) {
            var event = new EventLine();
            event.read(parser);
            if (event.kind().isEmpty()) {
                throw notAnEvent();
            }
            return event;
        } catch (JsonProcessingException e) {
            throw notAnEvent();
        } catch (ProtocolException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("reading from an array", e);
        }
    }

    private static ProtocolException notAnEvent() {
        return new ProtocolException("the answer is not an event of Tidegate: is the port right?");
    }

    private void read(JsonParser parser) throws IOException {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME
                && !parser.currentName().equals("value")) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value.isScalarValue()) {
                fields.put(name, parser.getText());
            } else if (value == JsonToken.START_ARRAY) {
                lists.put(name, texts(parser));
            } else {
                parser.skipChildren();
            }
        }
    }

    private static List<String> texts(JsonParser parser) throws IOException {
        List<String> texts = new ArrayList<>();
        for (JsonToken each = parser.nextToken(); each != JsonToken.END_ARRAY; each = parser.nextToken()) {
            if (each == JsonToken.VALUE_STRING) {
                texts.add(parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return texts;
    }

    public String kind() {
        return text("event");
    }

    public boolean is(String kind) {
        return kind.equals(kind());
    }

    /** The field's text; empty if there is no such field. */
    public String text(String field) {
        return fields.getOrDefault(field, "");
    }

    /** The texts of a list; empty if there is no such list. */
    public List<String> texts(String field) {
        return lists.getOrDefault(field, List.of());
    }

    /** Whether a goodbye invites to come back, and to ask for the same; servers before this one did not say otherwise. */
    public boolean invitesBack() {
        String comeBack = text("comeBack");
        return comeBack.isEmpty() || comeBack.equals("as-is");
    }

    /** Whether a goodbye invites to come back with another token. */
    boolean asksForCredentials() {
        return text("comeBack").equals("with-credentials");
    }

    /**
     * The value of the document that the current line is about, as it came.
     *
     * @throws ProtocolException if it has none
     */
    static Json value(LineReader line) throws ProtocolException {
        byte[] bytes = line.bytes();
        for (int from = line.from(); from + VALUE.length < line.to(); from++) {
            if (Arrays.equals(bytes, from, from + VALUE.length, VALUE, 0, VALUE.length)) {
                return Json.stored(Arrays.copyOfRange(bytes, from + VALUE.length, line.to() - 1));
            }
        }
        throw notAnEvent();
    }

    /** What the document is called that the line is about. */
    DocumentName name() throws ProtocolException {
        try {
            return new DocumentName(new Collection(text("collection")), new Key(text("key")));
        } catch (IllegalArgumentException e) {
            throw notAnEvent();
        }
    }

    public long seq() throws ProtocolException {
        return number("seq");
    }

    Position position() throws ProtocolException {
        try {
            return new Position(text("epoch"), seq());
        } catch (IllegalArgumentException e) {
            throw notAnEvent();
        }
    }

    /** A field that counts something. */
    public long number(String field) throws ProtocolException {
        try {
            long number = Long.parseLong(text(field));
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number below zero.
        }
        throw notAnEvent();
    }
}
