package io.tidegate.connection;

import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The words by which a client of the model says what it follows. */
final class WatchWords {

    private static final List<String> SELECTORS =
            List.of("a", "b", "c", "a/x", "a/xy", "a/x*", "a/y*", "b/x", "b/x*", "b/%2A", "c/y", "c/xz*");

    private WatchWords() {}

    static List<Selector> any(Random random) {
        return Stream.generate(() -> SELECTORS.get(random.nextInt(SELECTORS.size())))
                .limit(1 + random.nextInt(3))
                .map(Selector::parse)
                .toList();
    }

    static String of(Selection selection) {
        return selection.toString().replace(", ", " ");
    }

    static String of(List<Selector> selectors) {
        return String.join(" ", selectors.stream().map(Selector::toString).toList());
    }
}
