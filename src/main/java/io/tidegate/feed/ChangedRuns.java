package io.tidegate.feed;

import akka.util.ByteString;
import io.tidegate.document.Changed;
import io.tidegate.document.Selection;
import io.tidegate.document.Utf8Buffer;
import java.util.List;
import java.util.Optional;

/**
 * What followers are sent next who want, or can get, no more than what changed: each document once, as it is now. Thread-safe.
 */
final class ChangedRuns implements SharedReads.Source {

    /** Looks at what the store has beyond what is shown, before it is done without. */
    private static final int LOOKS = 3;

    private final FeedLog feedLog;
    private final EventEncoder encoder;
    private final Hub hub;

    ChangedRuns(FeedLog feedLog, EventEncoder encoder, Hub hub) {
        this.feedLog = feedLog;
        this.encoder = encoder;
        this.hub = hub;
    }

    @Override
    public Optional<Run> read(long after, Selection selection, int pieceBytes, long limit) throws FeedLogException {
        return changes(after, selection, pieceBytes, limit)
                .filter(changes -> changes.last() > after)
                .map(changes -> new Run(after, selection, pieceBytes, changes.last(), encode(changes.documents())));
    }

    /** A commit that the store has is shown some microseconds later, or never if it is given up. */
    private Optional<FeedLog.Changes> changes(long after, Selection selection, int pieceBytes, long limit)
            throws FeedLogException {
        for (int i = 0; i < LOOKS; i++) {
            Optional<FeedLog.Changes> found = feedLog.changes(after, selection, pieceBytes, limit);
            if (found.isEmpty() || found.get().last() <= hub.head()) {
                return found;
            }
        }
        return feedLog.changes(after, selection, pieceBytes, Math.min(limit, hub.head()));
    }

    /** To whom no end is set everything is told as it is at one moment: what changes all the time would else be left out time and again. */
    @Override
    public long limit(long head, long end) {
        return end == Long.MAX_VALUE ? end : Math.min(head, end);
    }

    /** What has been there for a while may have changed again: it would be sent twice. */
    @Override
    public boolean isCurrent(long head) {
        return !Subscription.isLate(hub, head);
    }

    private EventLines encode(List<Changed> documents) {
        if (documents.isEmpty()) {
            return EventLines.NONE;
        }
        var buffer = new Utf8Buffer(4096);
        documents.forEach(document -> encoder.changed(document, buffer));
        long last = documents.get(documents.size() - 1).seq();
        return new EventLines(ByteString.fromArrayUnsafe(buffer.toArray()), documents.size(), last);
    }
}
