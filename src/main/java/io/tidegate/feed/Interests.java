package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The index from updates to those whom they concern, so that a commit costs only them.
 *
 * <pre>
 *  change ─► collection ─► all of it      ─┐
 *                      ├─► key            ─┼─► Interest ─► its parked followers
 *                      └─► beginning      ─┘
 * </pre>
 *
 * <p>Who follows everything is concerned by everything, and stands beside the index. Whoever calls it, but for {@link #everything},
 * holds its monitor, for a short time.
 */
final class Interests {

    private final Interest everything = new Interest(Selection.ALL, Matches.ALL);
    private final Map<Selection, Interest> known = new HashMap<>();
    private final Map<Collection, CollectionInterests> byCollection = new HashMap<>();

    /** Those of the commit that is looked at. */
    private final List<Interest> matched = new ArrayList<>();

    /** Those of whose followers some may be parked though something concerns them. */
    private final List<Interest> awaitingRound = new ArrayList<>();

    /** Not only these. */
    private boolean allAwaitRound;

    private long commits;
    private long seq;

    /** Of those who follow everything. */
    Interest everything() {
        return everything;
    }

    /**
     * Counts a follower.
     *
     * @param head what was committed before is not known to an interest that is new
     */
    Interest join(Selection selection, long head) {
        Interest interest = selection.isAll() ? everything : known.get(selection);
        if (interest == null) {
            interest = new Interest(selection, selection.isNone() ? Matches.upTo(0) : Matches.upTo(head));
            known.put(selection, interest);
            for (Selector selector : selection.least()) {
                byCollection
                        .computeIfAbsent(selector.collection(), unused -> new CollectionInterests())
                        .add(selector, interest);
            }
        }
        interest.count(1);
        return interest;
    }

    /** A follower less; an interest that nobody has any more is forgotten. */
    void leave(Interest interest) {
        if (interest.count(-1) > 0 || interest == everything) {
            return;
        }
        known.remove(interest.selection());
        for (Selector selector : interest.selection().least()) {
            CollectionInterests ofCollection = byCollection.get(selector.collection());
            if (ofCollection != null) {
                ofCollection.remove(selector, interest);
                if (ofCollection.isEmpty()) {
                    byCollection.remove(selector.collection());
                }
            }
        }
    }

    /** Finds and marks those whom the changes of a commit concern. */
    void mark(List<Change> changes, long firstSeq) {
        if (byCollection.isEmpty()) {
            return;
        }
        commits++;
        matched.clear();
        seq = firstSeq;
        for (Change change : changes) {
            CollectionInterests ofCollection = byCollection.get(change.collection());
            if (ofCollection != null) {
                ofCollection.forEach(change.key(), this::mark);
            }
            seq++;
        }
        for (Interest interest : matched) {
            if (!interest.awaitsRound) {
                awaitingRound.add(interest);
                interest.awaitsRound = true;
            }
            interest.show();
        }
    }

    private void mark(Interest interest) {
        if (interest.match(commits, seq)) {
            matched.add(interest);
        }
    }

    /** Marks them all: any update up to that number may concern them. */
    void markAll(long lastSeq) {
        Matches any = Matches.upTo(lastSeq);
        known.values().forEach(interest -> interest.show(any));
        allAwaitRound = true;
    }

    /** Takes the parked of all that were marked since the last round. */
    void moveParkedTo(Round round) {
        if (allAwaitRound) {
            known.values().forEach(interest -> interest.parked().moveTo(round));
            allAwaitRound = false;
        }
        for (Interest interest : awaitingRound) {
            interest.parked().moveTo(round);
        }
        awaitingRound.forEach(interest -> interest.awaitsRound = false);
        awaitingRound.clear();
    }
}
