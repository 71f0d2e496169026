package io.tidegate.access;

import io.tidegate.document.Visible;

/** What somebody may be called by others than this server: names are shown in logs and tables. */
final class PlainName {

    private static final int MOST_CHARACTERS = 256;

    private PlainName() {}

    static boolean isPlain(String name) {
        return !name.isBlank()
                && name.length() <= MOST_CHARACTERS
                && Visible.of(name).equals(name);
    }
}
