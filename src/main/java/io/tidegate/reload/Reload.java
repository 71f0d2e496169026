package io.tidegate.reload;

/**
 * What came of reading something anew.
 *
 * @param line what is in use now, or why it is what it was before; empty if there is nothing to say
 */
public record Reload(Result result, String line) {

    /** What may come of it. */
    public enum Result {
        /** It is as it was. */
        UNCHANGED("unchanged"),
        /** The new is in use. */
        RELOADED("reloaded"),
        /** The new is of no use: what was in use before still is. */
        REFUSED("refused");

        private final String code;

        Result(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    public static Reload unchanged() {
        return new Reload(Result.UNCHANGED, "");
    }

    public static Reload reloaded(String line) {
        return new Reload(Result.RELOADED, line);
    }

    public static Reload refused(String line) {
        return new Reload(Result.REFUSED, line);
    }
}
