package io.tidegate.server;

import io.tidegate.settings.Section;
import io.tidegate.settings.SettingsReader;
import io.tidegate.shared.SharedSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * By what the changes of the feed are put in order.
 *
 * @param limits where it is a log that several nodes share
 */
public record OrderSettings(Kind kind, SharedSettings limits) {

    /** What decides. */
    public enum Kind {
        /** This server, alone. */
        LOCAL
    }

    private static final List<String> WORDS =
            List.of(Kind.values()).stream().map(kind -> kind.name().toLowerCase(Locale.ROOT)).toList();

    static OrderSettings from(SettingsReader reader) {
        Section feed = reader.section("feed");
        String word = feed.word("order", WORDS, each -> each.toLowerCase(Locale.ROOT));
        return new OrderSettings(Kind.values()[WORDS.indexOf(word)], SharedSettings.from(reader.section("shared")));
    }

    /** How the log is opened; empty if nothing is shared. */
    Optional<SharedFeed.Opening> opening() {
        return Optional.empty();
    }
}
