package io.tidegate.client;

import io.tidegate.document.Position;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Where a follower goes on after its connection was lost, learned from the events that it has seen.
 *
 * <p>There is none in the middle of a snapshot: documents have no order to resume in.
 */
public final class ResumePoint {

    private String epoch = "";
    private long seq;
    private boolean subscribed;
    private boolean inSnapshot;

    public ResumePoint(@Nullable Position start) {
        if (start != null) {
            epoch = start.epoch();
            seq = start.seq();
        }
    }

    /** A new connection begins. */
    public void connected() {
        subscribed = false;
        inSnapshot = false;
    }

    public void take(EventLine event) throws ProtocolException {
        switch (event.kind()) {
            case "resync" -> forget();
            case "snapshot", "document" -> inSnapshot = true;
            case "synced", "caughtup", "watching", "unwatched" -> moveTo(event);
            case "subscribed" -> {
                subscribed = true;
                moveTo(event);
            }
            case "put", "delete", "heartbeat" -> seq = event.seq();
            case "goodbye" -> farewell(event);
            default -> {
                // Answers and whatever a later server adds say nothing about the place in the feed.
            }
        }
    }

    private void forget() {
        epoch = "";
        subscribed = false;
    }

    private void moveTo(EventLine event) throws ProtocolException {
        Position position = event.position();
        epoch = position.epoch();
        seq = position.seq();
        inSnapshot = false;
    }

    /** A server that is about to stop may not have read our request: its own position is not ours then. */
    private void farewell(EventLine event) throws ProtocolException {
        if (subscribed) {
            moveTo(event);
        }
    }

    /** Whether documents came and {@code synced} did not. */
    public boolean isInSnapshot() {
        return inSnapshot;
    }

    /** Null if only a new snapshot helps. */
    @Nullable
    public Position position() {
        return epoch.isEmpty() ? null : new Position(epoch, seq);
    }
}
