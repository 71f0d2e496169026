package io.tidegate.connection;

import static io.tidegate.settings.Section.kib;
import static io.tidegate.settings.Section.mib;

import io.tidegate.document.Selection;
import io.tidegate.settings.Section;
import org.jspecify.annotations.Nullable;

/**
 * How large the selection of one client may be.
 *
 * @param selectors most selectors
 * @param bytes the same in bytes of their words
 */
public record SelectionLimits(int selectors, int bytes) {

    static SelectionLimits from(Section connection) {
        return new SelectionLimits(
                connection.number("selectors", 1, 1_000_000), connection.bytes("selection-bytes", kib(1), mib(16)));
    }

    /** What a client is told whose selection is larger; null if it is not. */
    public @Nullable String refusal(Selection selection) {
        int count = selection.given().size();
        if (count > selectors) {
            return "the selection has " + count + " selectors: at most " + selectors
                    + " are allowed, which is tidegate.connection.selectors";
        }
        int length = selection.bytes();
        return length <= bytes
                ? null
                : "the selection has " + length + " bytes of selectors: at most " + bytes
                        + " are allowed, which is tidegate.connection.selection-bytes";
    }
}
