package io.tidegate.feed;

import akka.util.ByteString;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Streams a snapshot as event lines: asks for one chunk ahead of the follower, so that the store and the socket work at the
 * same time, and never for more than that, so that memory stays bounded.
 *
 * <p>Used by one thread at a time, the follower's.
 */
public final class SnapshotReader {

    private final SharedSnapshot snapshot;
    private final Stretch stretch;
    private final int chunkBytes;
    private final Wakeup wakeup;

    private @Nullable Chunk sent;
    private @Nullable Chunk ahead;
    private long documents;
    private boolean atEnd;
    private boolean closed;

    SnapshotReader(SharedSnapshot snapshot, Stretch stretch, int chunkBytes, Wakeup wakeup) {
        this.snapshot = snapshot;
        this.stretch = stretch;
        this.chunkBytes = chunkBytes;
        this.wakeup = wakeup;
        askFor(stretch.place());
    }

    private void askFor(ByteString place) {
        Chunk next = snapshot.take(place, chunkBytes);
        ahead = next;
        if (!next.isDone()) {
            next.whenDone(wakeup::signal);
        }
    }

    /**
     * The next event lines.
     *
     * @return null if there are none now; the wakeup is signalled when that has changed
     * @throws FeedLogException if the store cannot be read; the snapshot is over
     */
    public @Nullable EventLines poll() throws FeedLogException {
        Chunk next = ahead;
        if (next == null) {
            atEnd = true;
            return null;
        }
        if (!next.isDone()) {
            return null;
        }
        Chunk.Content content = next.content();
        giveBack(sent);
        sent = next;
        ahead = null;
        long left = stretch.most() - documents;
        if (content.documents() >= left) {
            // What the chunk has beyond it may serve others.
            documents += left;
            return content.lines().first((int) left);
        }
        documents += content.documents();
        if (content.next() != null) {
            askFor(content.next());
        } else if (stretch.isAll()) {
            snapshot.counted(documents);
        }
        atEnd = content.documents() == 0;
        return atEnd ? null : content.lines();
    }

    /** True when all documents were handed out. */
    public boolean isAtEnd() {
        return atEnd;
    }

    /** Sequence number of the snapshot; known when the first chunk or the end was seen. */
    public long seq() {
        return snapshot.seq();
    }

    /** How many documents were handed out. */
    public long documents() {
        return documents;
    }

    /**
     * How many documents there are in all, if that is known: this reader, or another one of the same snapshot, has read all of them.
     * Of a snapshot in one piece it is known with that piece.
     */
    public OptionalLong total() {
        return snapshot.documents();
    }

    /** Leaves the snapshot, after a read that is under way. */
    public void close() {
        if (!closed) {
            closed = true;
            giveBack(sent);
            Chunk last = ahead;
            if (last == null) {
                snapshot.leave();
            } else {
                last.whenDone(() -> {
                    last.giveBack();
                    snapshot.leave();
                });
            }
        }
    }

    private static void giveBack(@Nullable Chunk chunk) {
        if (chunk != null) {
            chunk.giveBack();
        }
    }
}
