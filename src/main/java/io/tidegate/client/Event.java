package io.tidegate.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.document.Position;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.HashMap;
import java.util.Map;

/** An event line of the server. A document's value, which comes last, is not looked at. */
public final class Event {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, String> fields;

    private Event(Map<String, String> fields) {
        this.fields = fields;
    }

    /**
     * Reads the current line.
     *
     * @throws ProtocolException if it is no event: whoever answers there is not Tidegate
     */
    public static Event of(LineReader line) throws ProtocolException {
        try (JsonParser parser = FACTORY.createParser(line.bytes(), line.from(), line.to() - line.from())) {
            Event event = new Event(fields(parser));
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

    private static Map<String, String> fields(JsonParser parser) throws IOException {
        var fields = new HashMap<String, String>();
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME
                && !parser.currentName().equals("value")) {
            String name = parser.currentName();
            if (parser.nextToken().isScalarValue()) {
                fields.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return fields;
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

    /** Whether a goodbye invites to come back, and to ask for the same; servers before this one did not say otherwise. */
    public boolean invitesBack() {
        String comeBack = text("comeBack");
        return comeBack.isEmpty() || comeBack.equals("as-is");
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
