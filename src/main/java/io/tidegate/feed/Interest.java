package io.tidegate.feed;

import io.tidegate.document.Selection;

/**
 * What some followers have in common: a selection, which of the updates concern it, and who of them waits for more.
 *
 * <p>There is one for each selection that somebody follows, see {@link Interests}, whose lock guards what has no other.
 */
final class Interest {

    private final Selection selection;
    private final ParkingLot parked = new ParkingLot();
    private volatile Matches matches;

    /** Read without the lock by who may be content with an old number. */
    private volatile int followers;

    /** In the list of those whose followers get a turn in the next round. */
    boolean awaitsRound;

    // Of the commit that is looked at.
    private long commit;
    private long first;
    private long last;

    Interest(Selection selection, Matches matches) {
        this.selection = selection;
        this.matches = matches;
    }

    Selection selection() {
        return selection;
    }

    /** Who has read the hub's head first finds all matches up to there. */
    Matches matches() {
        return matches;
    }

    ParkingLot parked() {
        return parked;
    }

    /** Whether what is made for one follower may be of use to another one. */
    boolean isShared() {
        return followers > 1;
    }

    /** By how many followers it has more now; returns how many it has then. */
    int count(int more) {
        int now = followers + more;
        followers = now;
        return now;
    }

    /**
     * An update of a commit concerns it.
     *
     * @return whether it is the first one of that commit
     */
    boolean match(long commitNumber, long seq) {
        boolean isFirst = commit != commitNumber;
        if (isFirst) {
            commit = commitNumber;
            first = seq;
        }
        last = seq;
        return isFirst;
    }

    /** From now on its followers know no more than that. */
    void show(Matches instead) {
        matches = instead;
    }

    /** From now on its followers find the updates of that commit; before the hub's head moves. */
    void show() {
        matches = matches.and(first, last);
    }
}
