package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.feed.Publication.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which changes of a group take numbers: all but those whose precondition does not hold. Used by the commit task. */
final class Numbering {

    private final List<? extends Ordered> group;
    private final long firstSeq;
    private final @Nullable StoreHealth health;
    private final OrderedDocuments documents;
    private final List<Change> changes;

    /** Why changes of the group were left out, at their places in it; null while none was. */
    private @Nullable Refusal @Nullable [] refusals;

    private Numbering(List<? extends Ordered> group, long firstSeq, FeedLog log, @Nullable StoreHealth health) {
        this.group = group;
        this.firstSeq = firstSeq;
        this.health = health;
        changes = new ArrayList<>(group.size());
        documents = new OrderedDocuments(log, changes, firstSeq);
    }

    /**
     * Looks at the changes, one after the other.
     *
     * @param health is told of documents that cannot be read, and their changes are left out; null: then none of the changes gets a number
     */
    static Numbering of(List<? extends Ordered> group, long firstSeq, FeedLog log, @Nullable StoreHealth health)
            throws FeedLogException {
        var numbering = new Numbering(group, firstSeq, log, health);
        for (int i = 0; i < group.size(); i++) {
            numbering.add(i, group.get(i));
        }
        return numbering;
    }

    private void add(int place, Ordered ordered) throws FeedLogException {
        Refusal why = ordered.isConditional() ? check(ordered) : null;
        if (why == null) {
            changes.add(ordered.change());
        } else {
            if (refusals == null) {
                refusals = new @Nullable Refusal[group.size()];
            }
            refusals[place] = why;
        }
    }

    /** A document that cannot be read fails the changes that ask for it, and no others, unless other nodes decide the same. */
    private @Nullable Refusal check(Ordered ordered) throws FeedLogException {
        try {
            Position current = documents.position(ordered.change().name());
            Publication own = ordered.own();
            if (own != null) {
                own.found(current);
            }
            return ordered.precondition().holds(current) ? null : Refusal.PRECONDITION_FAILED;
        } catch (FeedLogException e) {
            if (health == null) {
                throw e;
            }
            health.readFails(e);
            return e.isLasting() ? Refusal.STORE_DAMAGED : Refusal.STORE_FAILED;
        }
    }

    /** What takes numbers, in order; the numbers follow one another. */
    List<Change> changes() {
        return changes;
    }

    long firstSeq() {
        return firstSeq;
    }

    /**
     * Tells those who published here. Who was left out learns it only now, too: it may be because of a change of its own
     * group, which counts once it is durable.
     */
    void settle() {
        long seq = firstSeq;
        for (int i = 0; i < group.size(); i++) {
            Publication own = group.get(i).own();
            Refusal why = refusals == null ? null : refusals[i];
            if (own != null && why != null) {
                own.refuse(why);
            } else if (own != null) {
                own.accept(seq);
            }
            seq += why == null ? 1 : 0;
        }
    }
}
