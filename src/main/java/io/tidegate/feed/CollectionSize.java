package io.tidegate.feed;

import io.tidegate.document.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much there is in a collection.
 *
 * @param bytes of the documents' JSON
 */
public record CollectionSize(Collection collection, long documents, long bytes) {

    /** As operators and clients are told it. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("collection", collection.name());
        fields.put("documents", documents);
        fields.put("bytes", bytes);
        return fields;
    }
}
