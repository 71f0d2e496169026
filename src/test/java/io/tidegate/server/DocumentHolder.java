package io.tidegate.server;

import io.tidegate.document.Position;
import io.tidegate.feed.EventLines;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What one client holds, and where it was when it left. */
final class DocumentHolder {

    private static final Pattern EVENT =
            Pattern.compile("\\{\"event\":\"(document|put|delete)\",.*\"key\":\"(\\w+)\"(?:,\"value\":\"([^\"]*)\")?}");

    final Map<String, String> documents = new TreeMap<>();

    @Nullable
    Position position;

    void take(EventLines lines) {
        lines.bytes().utf8String().lines().forEach(line -> {
            Matcher event = event(line);
            if (event == null) {
                throw new AssertionError("no event: " + line);
            }
            if (event.group(1).equals("delete")) {
                documents.remove(event.group(2));
            } else {
                documents.put(event.group(2), event.group(3));
            }
        });
    }

    private static @Nullable Matcher event(String line) {
        Matcher event = EVENT.matcher(line);
        return event.matches() ? event : null;
    }
}
