package io.tidegate.connection;

import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.SnapshotReader;
import io.tidegate.feed.SteadyClock;
import io.tidegate.feed.Steps;
import io.tidegate.feed.Subscription;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.Following;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Events;
import io.tidegate.wire.Request;
import org.jspecify.annotations.Nullable;

/** What one client reads of the feed: a snapshot, then the updates from there on, or either of them. */
final class FeedReader {

    private final Feed feed;
    private final ConnectionSettings settings;
    private final Wakeup wakeup;
    private final Words words;

    private @Nullable SnapshotReader snapshot;
    private @Nullable Request streaming;
    private @Nullable Subscription subscription;
    private boolean resyncs;

    /** The client has asked for documents or updates, and was told this position last, before a subscription that is live. */
    private boolean asksForPositions;

    private @Nullable Position told;

    /** The feed counts it among those who hold bytes that their clients do not take. */
    private boolean holding;

    /**
     * A reader who was asked for nothing yet.
     *
     * @param words takes what the client is told of its reading
     */
    FeedReader(Feed feed, ConnectionSettings settings, Wakeup wakeup, Words words) {
        this.feed = feed;
        this.settings = settings;
        this.wakeup = wakeup;
        this.words = words;
    }

    /** Begins to read; only if no snapshot is being streamed. */
    void take(Request request) {
        asksForPositions = true;
        if (request instanceof Request.Sync sync) {
            stream(sync, sync.selection());
        } else if (subscription != null) {
            words.error(
                    ErrorCode.ALREADY_SUBSCRIBED, "this connection follows updates already: use another connection");
        } else if (request instanceof Request.Updates updates) {
            resyncs = false;
            subscribe(updates.after(), updates.selection());
        } else if (request instanceof Request.Follow follow) {
            resyncs = true;
            follow(follow);
        }
    }

    private void subscribe(@Nullable Position after, Selection selection) {
        Position start = after == null ? feed.head() : after;
        subscription = feed.subscribe(start, selection, Steps.EVERY, wakeup);
        if (subscription == null) {
            words.error(
                    ErrorCode.POSITION_UNAVAILABLE,
                    "the log does not hold what comes after " + start + ": use sync or follow to start anew");
        } else {
            subscribed(feed.positionAt(start.seq()));
        }
    }

    private void subscribed(Position position) {
        told = position;
        Events.subscribed(position, words.lines());
    }

    private void follow(Request.Follow follow) {
        Position after = follow.after();
        if (after != null) {
            subscription =
                    feed.subscribe(after, follow.selection(), follow.latest() ? Steps.NEWEST : Steps.RETAINED, wakeup);
            if (subscription != null) {
                subscribed(feed.positionAt(after.seq()));
                return;
            }
            Events.resync("the log does not hold what comes after " + after, words.lines());
        }
        stream(follow, follow.selection());
    }

    private void stream(Request request, Selection selection) {
        streaming = request;
        snapshot = feed.readSnapshot(selection, settings.writeBytes(), wakeup);
    }

    // ---- the snapshot

    boolean isStreaming() {
        return snapshot != null;
    }

    /** A piece of the snapshot; null if none is there yet, or it has just ended. */
    @Nullable
    EventLines documents() {
        SnapshotReader reader = snapshot;
        if (reader == null) {
            return null;
        }
        try {
            EventLines documents = reader.poll();
            if (reader.isAtEnd()) {
                synced(reader);
            }
            return documents;
        } catch (FeedLogException e) {
            endSnapshot();
            unreadable("the documents", e, "try again later");
            return null;
        }
    }

    private void synced(SnapshotReader reader) {
        Position position = feed.positionAt(reader.seq());
        told = position;
        Events.synced(position, reader.documents(), words.lines());
        if (streaming instanceof Request.Follow follow) {
            subscription = feed.subscribeAfter(
                    position.seq(), follow.selection(), follow.latest() ? Steps.NEWEST : Steps.RETAINED, wakeup);
            subscribed(position);
        }
        endSnapshot();
    }

    void endSnapshot() {
        if (snapshot != null) {
            snapshot.close();
            snapshot = null;
            streaming = null;
        }
    }

    // ---- the updates

    /**
     * The next updates; null if there are none now.
     *
     * @param toTheEnd up to the feed's head, and no further: the client has been told to go
     */
    @Nullable
    EventLines updates(boolean toTheEnd) {
        Subscription cursor = subscription;
        if (cursor == null || snapshot != null) {
            return null;
        }
        if (toTheEnd) {
            // The feed commits nothing more in a drain; for one connection's shutdown this is its last update.
            cursor.endAt(feed.hub().head());
        }
        try {
            EventLines lines = cursor.poll(feed.pieceBytes(settings.writeBytes()));
            if (lines == null && cursor.isLost() && !toTheEnd) {
                lose(cursor);
            }
            return lines;
        } catch (FeedLogException e) {
            endSubscription();
            unreadable("the updates", e, "reconnect and resume from your position");
            return null;
        }
    }

    /** The log was trimmed past a lagging cursor. */
    private void lose(Subscription cursor) {
        Selection selection = cursor.selection();
        endSubscription();
        String reason = "the log does not hold what comes after " + cursor.seq() + " any more";
        if (resyncs) {
            Events.resync(reason, words.lines());
            stream(new Request.Follow(null, false, selection), selection);
        } else {
            words.error(ErrorCode.POSITION_UNAVAILABLE, reason + ": use sync or follow to start anew");
        }
    }

    private void endSubscription() {
        if (subscription != null) {
            told = feed.positionAt(subscription.seq());
            subscription.close();
            subscription = null;
        }
    }

    /** A sign of life, if there is nothing else to say. */
    void heartbeat() {
        if (subscription != null && subscription.isLive() && !words.hasLines()) {
            Events.heartbeat(subscription.seq(), words.lines());
        }
    }

    /** No updates follow those that the client has. */
    void endHere() {
        if (subscription != null) {
            subscription.endAt(subscription.seq());
        }
    }

    /** Whether a client that does not keep up is better told later, of what is the newest then. */
    boolean saysTheNewest() {
        return subscription != null && subscription.steps() == Steps.NEWEST;
    }

    boolean isFollowing() {
        return subscription != null;
    }

    /** Whether the updates have ended where they were to. */
    boolean isAtEnd() {
        return subscription == null || subscription.isAtEnd();
    }

    private void unreadable(String what, FeedLogException e, String otherwise) {
        if (e.isLasting()) {
            words.error(ErrorCode.STORE_DAMAGED, what + " cannot be read: " + ErrorCode.DAMAGED);
        } else {
            words.error(ErrorCode.STORE_FAILED, what + " cannot be read: " + otherwise);
        }
    }

    // ---- what is told of it

    /** Where the client can resume without missing anything that it asked for. */
    Position resumption() {
        if (subscription != null) {
            return feed.positionAt(subscription.seq());
        }
        Position known = told;
        if (known != null) {
            return known;
        }
        return asksForPositions ? feed.positionAt(0) : feed.head();
    }

    Following following() {
        SnapshotReader documents = snapshot;
        Request asked = streaming;
        if (documents != null && asked != null) {
            // Its number is known when it has given documents; a client that only syncs is not owed what comes after
            // it.
            long seq = documents.documents() > 0 ? documents.seq() : 0;
            long lag = asked instanceof Request.Follow && seq > 0 ? feed.hub().head() - seq : 0;
            return new Following(Following.Progress.SNAPSHOT, selection(asked).toString(), seq, lag);
        }
        Subscription cursor = subscription;
        if (cursor == null) {
            return Following.NOTHING;
        }
        var progress = cursor.isLagging(SteadyClock.PROCESS.millis())
                ? Following.Progress.CATCHING_UP
                : Following.Progress.LIVE;
        return new Following(progress, cursor.selection().toString(), cursor.taken(), cursor.lag());
    }

    private static Selection selection(Request asked) {
        return asked instanceof Request.Follow follow
                ? follow.selection()
                : asked instanceof Request.Sync sync ? sync.selection() : Selection.ALL;
    }

    /** The client begins, or has ceased, to take nothing: while many hold bytes, each is given less at once. */
    void holds(boolean isBlocked) {
        if (isBlocked != holding) {
            holding = isBlocked;
            if (isBlocked) {
                feed.startHolding();
            } else {
                feed.stopHolding();
            }
        }
    }

    void close() {
        holds(false);
        endSnapshot();
        endSubscription();
    }
}
