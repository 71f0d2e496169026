package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the documents stand after the changes of a group that are ordered so far: what the log has, and over that the group,
 * which it does not have yet.
 *
 * <p>It looks at nothing before it is asked, so that a group without preconditions costs nothing. Used by the commit task.
 */
final class OrderedDocuments {

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
