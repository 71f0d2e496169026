package io.tidegate.access;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bounded table that forgets what was not asked for or put in for the longest time. Not thread-safe. */
final class Recent<K, V> {

    private static final int FIRST_CAPACITY = 16;
    private static final float LOAD = 0.75f;

    private final int most;
    private final Map<K, V> table = new LinkedHashMap<>(FIRST_CAPACITY, LOAD, true);

    Recent(int most) {
        this.most = most;
    }

    @Nullable
    V get(K key) {
        return table.get(key);
    }

    void put(K key, V value) {
        table.put(key, value);
        if (table.size() > most) {
            var oldest = table.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    void remove(K key) {
        table.remove(key);
    }

    int size() {
        return table.size();
    }
}
