package io.tidegate.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The head of an HTTP/1.1 request, read as far as a handshake needs it. */
record RequestHead(String method, String version, Map<String, List<String>> headers) {

    /** Null if it is none. */
    static @Nullable RequestHead parse(String text) {
        String[] lines = text.split("\r\n", -1);
        String[] words = lines[0].split(" ", -1);
        if (words.length != 3) {
            return null;
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                return null;
            }
            headers.computeIfAbsent(lines[i].substring(0, colon), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        return new RequestHead(words[0], words[2], headers);
    }

    List<String> values(String name) {
        return headers.getOrDefault(name, List.of());
    }
}
