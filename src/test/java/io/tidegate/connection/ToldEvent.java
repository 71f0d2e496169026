package io.tidegate.connection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Key;
import org.jspecify.annotations.Nullable;

/** An event that a client was told. */
record ToldEvent(JsonNode json) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static ToldEvent of(String line) throws JsonProcessingException {
        return new ToldEvent(JSON.readTree(line));
    }

    String type() {
        return json.get("event").asText();
    }

    long seq() {
        return json.get("seq").asLong();
    }

    long documents() {
        return json.get("documents").asLong();
    }

    DocumentName name() {
        return new DocumentName(
                new Collection(json.get("collection").asText()),
                new Key(json.get("key").asText()));
    }

    /** Null if it has none. */
    @Nullable
    String value() {
        return json.has("value") ? json.get("value").toString() : null;
    }

    String code() {
        return json.get("code").asText();
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
