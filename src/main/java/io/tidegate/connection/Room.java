package io.tidegate.connection;

import io.tidegate.access.Pass;

/** How much one client may send at once now: little as long as it has to show first who it is. */
public final class Room {

    /** What says how much that is. */
    public static final String NARROW_SETTING = "before an identity is shown, tidegate.connection.identity-line-bytes";

    private final Pass pass;
    private final ConnectionSettings settings;

    Room(Pass pass, ConnectionSettings settings) {
        this.pass = pass;
        this.settings = settings;
    }

    /** What the client is told of a longer line. */
    static String tooLong(int maxBytes, int mostBytes, String documentLimit) {
        return "the line is longer than " + maxBytes + " bytes and was skipped: send a shorter one; "
                + (maxBytes < mostBytes
                        ? "no line has more " + NARROW_SETTING
                        : "documents may have " + documentLimit
                                + ", and lines what tidegate.connection.max-line-bytes allows");
    }

    public boolean isNarrow() {
        return pass.isForNothing();
    }

    /** Longest line in bytes, its end excluded. */
    public int lineBytes() {
        return isNarrow() ? narrowBytes() : settings.maxLineBytes();
    }

    public int narrowBytes() {
        return Math.min(settings.identity().lineBytes(), settings.maxLineBytes());
    }
}
