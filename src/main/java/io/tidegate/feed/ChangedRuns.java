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
        return feedLog.changes(after, selection, pieceBytes, limit)
                .filter(changes -> changes.last() > after)
                .map(changes -> new Run(after, selection, pieceBytes, changes.last(), encode(changes.documents())));
    }

    /** What has been there for a while may have changed again: it would be sent twice. */
    @Override
    public boolean isCurrent(long limit) {
        return !Subscription.isLate(hub, limit);
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
