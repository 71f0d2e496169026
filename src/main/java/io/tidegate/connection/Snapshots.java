package io.tidegate.connection;

import io.tidegate.access.Pass;
import io.tidegate.document.Selection;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Request;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens the snapshots of one client, if its identity may have one more. */
final class Snapshots {

    private final Feed feed;
    private final Pass pass;
    private final int chunkBytes;
    private final Wakeup wakeup;
    private final Words words;

    /**
     * Those of a client that has asked for none.
     *
     * @param chunkBytes about how many bytes are read at once, at most
     * @param words takes what the client is told of it
     */
    Snapshots(Feed feed, Pass pass, int chunkBytes, Wakeup wakeup, Words words) {
        this.feed = feed;
        this.pass = pass;
        this.chunkBytes = chunkBytes;
        this.wakeup = wakeup;
        this.words = words;
    }

    /** Null if there is no place for it, which the client was told. */
    @Nullable
    SnapshotStream open(Request.Reading request) {
        return open(request, "");
    }

    /** @param reason why the client needs it, if it did not ask for it */
    @Nullable
    SnapshotStream open(Request.Reading request, String reason) {
        Selection selection = request.selection();
        Optional<Runnable> place = pass.takeSnapshot(selection);
        if (place.isEmpty()) {
            words.error(ErrorCode.TOO_MANY_SNAPSHOTS, reason + ErrorCode.OF_SNAPSHOTS);
            return null;
        }
        return new SnapshotStream(request, feed.readSnapshot(selection, chunkBytes, wakeup), place.get(), words);
    }
}
