package io.tidegate.access;

/** What became of a look at the files. */
public sealed interface Reload {

    /** Nothing has changed. */
    record Unchanged() implements Reload {}

    /**
     * What has changed counts from now on.
     *
     * @param line what there is now, for people
     */
    record Taken(String line) implements Reload {}

    /**
     * Of something that has changed, what was there before stays; the rest counts.
     *
     * @param line what is wrong and what is allowed, for people, without anything secret
     */
    record Refused(String line) implements Reload {}
}
