package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.feed.Publication.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of a group take numbers: all but those whose precondition does not hold, and those that were taken before. Used by the
 * commit task.
 */
final class Numbering {

    private final List<? extends Ordered> group;
    private final FeedLog log;
    private final long firstSeq;
    private final @Nullable StoreHealth health;
    private final OrderedDocuments documents;
    private final List<Change> changes;

    /** What becomes of changes of the group that take no number, at their places in it; null while there is none. */
    private @Nullable Outcome @Nullable [] outcomes;

    private final List<Taken> taken = new ArrayList<>(0);

    /** The numbers of these. */
    private final Map<Named, Long> takenSeqs = new HashMap<>(0);

    private record Named(DocumentName document, PublicationId id) {}

    /** What becomes of a change without a number of its own. */
    private sealed interface Outcome {
        record Refused(Refusal why) implements Outcome {}

        /** It was taken before. */
        record Before(long seq) implements Outcome {}
    }

    private Numbering(List<? extends Ordered> group, long firstSeq, FeedLog log, @Nullable StoreHealth health) {
        this.group = group;
        this.log = log;
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
        Outcome outcome = ordered.isConditional() ? look(ordered) : null;
        if (outcome == null) {
            PublicationId id = ordered.id();
            if (id != null) {
                long seq = firstSeq + changes.size();
                taken.add(new Taken(ordered.change().name(), id, seq));
                takenSeqs.put(new Named(ordered.change().name(), id), seq);
            }
            changes.add(ordered.change());
        } else {
            if (outcomes == null) {
                outcomes = new @Nullable Outcome[group.size()];
            }
            outcomes[place] = outcome;
        }
    }

    /** What cannot be read fails the changes that ask for it, and no others, unless other nodes decide the same. */
    private @Nullable Outcome look(Ordered ordered) throws FeedLogException {
        try {
            long before = takenAs(ordered);
            if (ordered.precondition() instanceof Precondition.None) {
                // Where the document is nobody asks.
                return before > 0 ? new Outcome.Before(before) : null;
            }
            // One that was taken before finds itself: it is not told anew whether the document was there.
            Position current = before > 0
                    ? log.epochs().of(before)
                    : documents.position(ordered.change().name());
            Publication own = ordered.own();
            if (own != null) {
                own.found(current);
            }
            if (before > 0) {
                return new Outcome.Before(before);
            }
            return ordered.precondition().holds(current) ? null : new Outcome.Refused(Refusal.PRECONDITION_FAILED);
        } catch (FeedLogException e) {
            if (health == null) {
                throw e;
            }
            health.readFails(e);
            return new Outcome.Refused(e.isLasting() ? Refusal.STORE_DAMAGED : Refusal.STORE_FAILED);
        }
    }

    /** In the log, or before it in the group; 0 if it was not. What the log remembers for longer than it has to does not count. */
    private long takenAs(Ordered ordered) throws FeedLogException {
        PublicationId id = ordered.id();
        if (id == null) {
            return 0;
        }
        DocumentName name = ordered.change().name();
        Long inGroup = takenSeqs.get(new Named(name, id));
        if (inGroup != null) {
            return inGroup;
        }
        long seq = log.takenAs(name, id);
        return seq + Feed.REMEMBERED_UPDATES >= firstSeq + changes.size() ? seq : 0;
    }

    /** Those that take numbers and have ids. */
    List<Taken> taken() {
        return taken;
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
            Outcome outcome = outcomes == null ? null : outcomes[i];
            if (own != null) {
                settle(own, outcome, seq);
            }
            seq += outcome == null ? 1 : 0;
        }
    }

    private static void settle(Publication own, @Nullable Outcome outcome, long seq) {
        if (outcome instanceof Outcome.Refused refused) {
            own.refuse(refused.why());
        } else {
            own.accept(outcome instanceof Outcome.Before before ? before.seq() : seq);
        }
    }

    /**
     * Where the documents stand after the changes of a group that are ordered so far: what the log has, and over that the group,
     * which it does not have yet.
     *
     * <p>It looks at nothing before it is asked, so that a group without preconditions costs nothing.
     */
    private static final class OrderedDocuments {

        private static final long NO_DOCUMENT = 0;

        private final FeedLog log;
        private final List<Change> ordered;
        private final long firstSeq;

        /** Sequence numbers of the documents that were asked for, or that the first {@link #seen} changes wrote. */
        private final Map<DocumentName, Long> seqs = new HashMap<>(0);

        private int seen;

        /**
         * The documents as one group finds them.
         *
         * @param ordered the changes of the group in order; grows
         * @param firstSeq sequence number of the first of them
         */
        OrderedDocuments(FeedLog log, List<Change> ordered, long firstSeq) {
            this.log = log;
            this.ordered = ordered;
            this.firstSeq = firstSeq;
        }

        /** Position of the update that gave a document its value; null if there is no such document. */
        @Nullable
        Position position(DocumentName name) throws FeedLogException {
            seeOrdered();
            Long known = seqs.get(name);
            long seq = known == null ? log.seqOf(name.collection(), name.key()) : known;
            seqs.put(name, seq);
            return seq == NO_DOCUMENT ? null : log.epochs().of(seq);
        }

        private void seeOrdered() {
            while (seen < ordered.size()) {
                Change change = ordered.get(seen);
                seqs.put(change.name(), change instanceof Change.Put ? firstSeq + seen : NO_DOCUMENT);
                seen++;
            }
        }
    }
}
