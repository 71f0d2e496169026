package io.tidegate.cli.conformance;

import io.tidegate.document.Position;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What documents there were at each position. For one thread. */
final class Truth {

    /** One store, however often it was opened. */
    private static final class Store {
        final Map<Long, Map<String, Object>> states = new HashMap<>();
    }

    private final Map<String, Store> byEpoch = new HashMap<>();
    private Store store = new Store();
    private Map<String, Object> documents = Map.of();

    /** A server has begun on a store that is empty. */
    void begin(Position position) {
        store = new Store();
        documents = Map.of();
        opened(position);
    }

    /** A server goes on with the store that there is. */
    void opened(Position position) {
        byEpoch.put(position.epoch(), store);
        store.states.put(position.seq(), documents);
    }

    /** @param value null if there is no such document any more */
    void changed(String key, @Nullable Object value, Position position) {
        Map<String, Object> next = new TreeMap<>(documents);
        if (value == null) {
            next.remove(key);
        } else {
            next.put(key, value);
        }
        documents = next;
        store.states.put(position.seq(), next);
    }

    Map<String, Object> documents() {
        return documents;
    }

    /** What there was at a position; null if there never was one. */
    @Nullable
    Map<String, Object> at(Position position) {
        Store known = byEpoch.get(position.epoch());
        return known == null ? null : known.states.get(position.seq());
    }

    /** Whether two positions are of one store, so that one comes before the other. */
    boolean areOfOneStore(Position one, Position other) {
        return byEpoch.get(one.epoch()) == byEpoch.get(other.epoch());
    }

    /** Whether it is of the store that there is now. */
    boolean isOfNow(Position position) {
        return byEpoch.get(position.epoch()) == store;
    }
}
