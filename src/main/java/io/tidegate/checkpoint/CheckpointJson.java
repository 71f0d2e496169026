package io.tidegate.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.document.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A checkpoint as the admin listener tells it: {@code {"id":…,"epoch":…,"seq":…,"bytes":…,"files":[{"name":…,"bytes":…},…]}}. */
public final class CheckpointJson {

    private CheckpointJson() {}

    /** What is written of it. */
    public static Map<String, Object> fields(Checkpoint checkpoint) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", checkpoint.id());
        fields.put("epoch", checkpoint.position().epoch());
        fields.put("seq", checkpoint.position().seq());
        fields.put("bytes", checkpoint.bytes());
        fields.put(
                "files",
                checkpoint.files().stream()
                        .map(part -> Map.of("name", part.name(), "bytes", part.bytes()))
                        .toList());
        return fields;
    }

    /**
     * Reads it; what it does not know is passed over.
     *
     * @throws IOException if it is not one
     */
    static Checkpoint read(JsonParser json) throws IOException {
        String id = "";
        String epoch = "";
        long seq = 0;
        List<Checkpoint.Part> files = new ArrayList<>();
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "id" -> id = json.getText();
                case "epoch" -> epoch = json.getText();
                case "seq" -> seq = json.getLongValue();
                case "files" -> files.addAll(parts(json));
                default -> json.skipChildren();
            }
        }
        return new Checkpoint(id, new Position(epoch, seq), files);
    }

    private static List<Checkpoint.Part> parts(JsonParser json) throws IOException {
        List<Checkpoint.Part> parts = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            String file = "";
            long bytes = -1;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("name")) {
                    file = json.getText();
                } else if (name.equals("bytes")) {
                    bytes = json.getLongValue();
                } else {
                    json.skipChildren();
                }
            }
            parts.add(new Checkpoint.Part(file, bytes));
        }
        return parts;
    }
}
