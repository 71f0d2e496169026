package io.tidegate.ledger;

import io.tidegate.document.Selection;

/**
 * What a client follows, and how far it has got.
 *
 * @param progress how it is served
 * @param selection what it follows
 * @param seq last sequence number that the client was given, or that was passed because it does not concern it; of a snapshot
 *     the number that it was taken at, 0 as long as that is not known
 * @param lag committed updates that come after it
 */
public record Following(Progress progress, Selection selection, long seq, long lag) {

    /** Of a client that follows nothing. */
    public static final Following NOTHING = new Following(Progress.NONE, Selection.NONE, 0, 0);

    /** What it follows, for people; empty if it follows nothing. Takes its time if that is much. */
    public String follows() {
        return progress == Progress.NONE ? "" : selection.toString();
    }

    /** How a client is served. */
    public enum Progress {
        /** It follows nothing. */
        NONE(""),
        /** It is being sent documents. */
        SNAPSHOT("snapshot"),
        /** It waits for updates that were committed more than a second ago. */
        CATCHING_UP("catching-up"),
        /** It gets what is committed as it comes. */
        LIVE("live");

        private final String code;

        Progress(String code) {
            this.code = code;
        }

        /** As it stands in lists of connections. */
        public String code() {
            return code;
        }
    }
}
