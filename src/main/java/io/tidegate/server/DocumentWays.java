package io.tidegate.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;

/**
 * Makes every way in as wide as the largest document needs it.
 *
 * <p>A document comes with its names: in a request line, as an event in the line of a bulk post or in a message, or alone in a
 * body, perhaps with white space around it. What is "auto" has room for all of that.
 */
final class DocumentWays {

    /**
     * Room for collection and key, for the words and members around them, and for some white space. Both names have 640
     * characters at most, of up to 12 bytes each where somebody escapes every one of them.
     */
    static final long ENVELOPE_BYTES = 16 * 1024;

    private static final List<String> WAYS = List.of(
            "http.max-body-bytes",
            "connection.max-line-bytes",
            "websocket.max-frame-bytes",
            "websocket.max-message-bytes");

    private DocumentWays() {}

    /**
     * The settings with a number for each "auto".
     *
     * @param tidegate checked before
     */
    static Config fitted(Config tidegate) {
        long bytes = tidegate.getBytes("feed.max-document-bytes") + ENVELOPE_BYTES;
        Config fitted = tidegate;
        for (String way : WAYS) {
            if (tidegate.getString(way).equals("auto")) {
                fitted = fitted.withValue(way, ConfigValueFactory.fromAnyRef(bytes));
            }
        }
        return fitted;
    }
}
