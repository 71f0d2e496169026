package io.tidegate.feed;

import io.tidegate.document.Key;
import io.tidegate.document.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Who follows something of one collection: all of it, single documents, documents whose keys begin alike. */
final class CollectionInterests {

    private final List<Interest> whole = new ArrayList<>(1);
    private final Map<String, List<Interest>> byKey = new HashMap<>();

    /** By the length of what the keys begin with, then by that itself: a key is looked up once for each length in use. */
    private final TreeMap<Integer, Map<String, List<Interest>>> byBeginning = new TreeMap<>();

    void add(Selector selector, Interest interest) {
        String text = selector.beginning();
        if (selector instanceof Selector.Whole) {
            whole.add(interest);
        } else if (selector instanceof Selector.One) {
            add(byKey, text, interest);
        } else {
            add(byBeginning.computeIfAbsent(text.length(), length -> new HashMap<>()), text, interest);
        }
    }

    private static void add(Map<String, List<Interest>> map, String text, Interest interest) {
        map.computeIfAbsent(text, unused -> new ArrayList<>(1)).add(interest);
    }

    void remove(Selector selector, Interest interest) {
        String text = selector.beginning();
        if (selector instanceof Selector.Whole) {
            whole.remove(interest);
        } else if (selector instanceof Selector.One) {
            remove(byKey, text, interest);
        } else {
            Map<String, List<Interest>> ofLength = byBeginning.getOrDefault(text.length(), Map.of());
            remove(ofLength, text, interest);
            if (ofLength.isEmpty()) {
                byBeginning.remove(text.length());
            }
        }
    }

    private static void remove(Map<String, List<Interest>> map, String text, Interest interest) {
        List<Interest> interests = map.getOrDefault(text, List.of());
        interests.remove(interest);
        if (interests.isEmpty()) {
            map.remove(text);
        }
    }

    boolean isEmpty() {
        return whole.isEmpty() && byKey.isEmpty() && byBeginning.isEmpty();
    }

    /** Tells each whom a change of that key concerns, once. */
    void forEach(Key key, Consumer<Interest> concerned) {
        whole.forEach(concerned);
        if (!byKey.isEmpty()) {
            byKey.getOrDefault(key.text(), List.of()).forEach(concerned);
        }
        for (Map.Entry<Integer, Map<String, List<Interest>>> ofLength : byBeginning.entrySet()) {
            int length = ofLength.getKey();
            if (length > key.text().length()) {
                return;
            }
            ofLength.getValue()
                    .getOrDefault(key.text().substring(0, length), List.of())
                    .forEach(concerned);
        }
    }
}
