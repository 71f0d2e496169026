package io.tidegate.connection;

import io.tidegate.access.Pass;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Steps;
import io.tidegate.feed.Subscription;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.Following;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Events;
import io.tidegate.wire.Request;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one client reads of the feed: a snapshot, then the updates from there on, or either of them, and more of it by and by.
 *
 * <p>Some of what is asked takes its time, and what is asked behind it waits: the wait for a position, a snapshot, an addition.
 */
final class FeedReader {

    private static final String FOLLOWS_NOTHING =
            "this connection follows nothing: send follow or updates first; follow none begins with nothing";
    private static final String ENDS = "this connection is about to end, and nothing was added: resume with the whole"
            + " selection after reconnecting";

    private static final String STOPS =
            "the server is about to stop and has not come to that position: resume from it after reconnecting";

    /** It waits for the feed to come to its position. */
    private record Waiting(Request.Subscribing request, CompletableFuture<Boolean> arrival) {}

    private final Feed feed;
    private final ConnectionSettings settings;
    private final Wakeup wakeup;
    private final Words words;
    private final Snapshots snapshots;

    private @Nullable Waiting waiting;
    private @Nullable SnapshotStream snapshot;
    private @Nullable Addition addition;
    private @Nullable UpdateReader following;

    /** Whether the subscription starts anew when it is lost: it sends documents. */
    private boolean resyncs;

    /** An addition to a subscription that was lost is answered when that has started anew. */
    private boolean owesWatching;

    private boolean leaving;

    /** The client has asked for documents or updates, and was told this position last, before a subscription that is live. */
    private boolean asksForPositions;

    private @Nullable Position told;

    /**
     * A reader who was asked for nothing yet.
     *
     * @param words takes what the client is told of its reading
     */
    FeedReader(Feed feed, ConnectionSettings settings, Pass pass, Wakeup wakeup, Words words) {
        this.feed = feed;
        this.settings = settings;
        this.wakeup = wakeup;
        this.words = words;
        snapshots = new Snapshots(feed, pass, settings.writeBytes(), wakeup, words);
    }

    /** The client has what it was given last. */
    void look() {
        if (following != null) {
            following.tellCaughtUp();
        }
    }

    /** Begins to read; only if nothing is under way. */
    void take(Request request) {
        UpdateReader updates = following;
        if (request instanceof Request.Reading reading) {
            asksForPositions = true;
            read(reading);
        } else if (updates == null) {
            words.error(ErrorCode.NOT_SUBSCRIBED, FOLLOWS_NOTHING);
        } else if (request instanceof Request.Watch watch) {
            watch(updates, watch.selectors());
        } else if (request instanceof Request.Unwatch unwatch) {
            updates.unwatch(unwatch.selectors());
        }
    }

    private void read(Request.Reading request) {
        if (following != null && request instanceof Request.Subscribing) {
            words.error(
                    ErrorCode.ALREADY_SUBSCRIBED, "this connection follows updates already: use another connection");
        } else if (request instanceof Request.Subscribing subscribing) {
            await(subscribing);
        } else {
            snapshot = snapshots.open(request);
        }
    }

    /** A client that was told of a position by another server comes to one that may not be there yet. */
    private void await(Request.Subscribing request) {
        Position after = request.after();
        if (after == null) {
            begin(request);
            return;
        }
        CompletableFuture<Boolean> arrival = feed.awaitPosition(after);
        if (arrival.isDone()) {
            begin(request);
        } else {
            waiting = new Waiting(request, arrival);
            var unused = arrival.whenComplete((arrived, cancelled) -> wakeup.signal());
        }
    }

    private void lookFor(Waiting until) {
        boolean hasCome = until.arrival().isDone() && until.arrival().getNow(false);
        if (!hasCome && (leaving || feed.isDraining())) {
            // It may still come, elsewhere or after a restart: nothing is lost of where the client is.
            breakOff();
            told = until.request().after();
            words.error(ErrorCode.DRAINING, STOPS);
        } else if (until.arrival().isDone()) {
            waiting = null;
            begin(until.request());
        }
    }

    private void begin(Request.Subscribing request) {
        Position after = request.after();
        resyncs = request instanceof Request.Follow;
        if (after == null && resyncs) {
            snapshot = snapshots.open(request);
            return;
        }
        Position start = after == null ? feed.head() : after;
        Subscription cursor = feed.subscribe(start, request.selection(), UpdateReader.steps(request), wakeup);
        if (cursor != null) {
            follow(start.seq(), cursor);
        } else if (resyncs) {
            resync("the log does not hold what comes after " + start, request);
        } else {
            unavailable("the log does not hold what comes after " + start);
        }
    }

    private void unavailable(String reason) {
        words.error(ErrorCode.POSITION_UNAVAILABLE, reason + ": use sync or follow to start anew");
    }

    private void follow(long start, Subscription cursor) {
        following = UpdateReader.begin(feed, start, cursor, settings.writeBytes(), words, leaving);
        told = following.position();
    }

    // ---- what takes its time

    /** Whether something that was asked for is not answered yet. */
    boolean isBusy() {
        return waiting != null || snapshot != null || addition != null;
    }

    /** More of what was asked for; null if none is there yet, or it was just answered. */
    @Nullable
    EventLines more() {
        if (waiting != null) {
            lookFor(waiting);
        }
        if (addition != null && following != null) {
            return goOn(following, addition);
        }
        return snapshot == null ? null : documents(snapshot);
    }

    /** Documents come in the place of updates that are not there any more, if there may be one more snapshot. */
    private void resync(String reason, Request.Reading request) {
        snapshot = snapshots.open(request, reason + ", and ");
        if (snapshot != null) {
            Events.resync(reason, words.lines());
        }
    }

    private @Nullable EventLines documents(SnapshotStream stream) {
        try {
            EventLines documents = stream.poll();
            if (stream.isAtEnd()) {
                synced(stream);
            }
            return documents;
        } catch (FeedLogException e) {
            breakOff();
            words.unreadable("the documents", e, "try again later");
            return null;
        }
    }

    private void synced(SnapshotStream stream) {
        Position position = feed.positionAt(stream.seq());
        told = position;
        Events.synced(position, stream.documents(), words.lines());
        if (stream.request() instanceof Request.Follow follow) {
            follow(
                    position.seq(),
                    feed.subscribeAfter(position.seq(), follow.selection(), UpdateReader.steps(follow), wakeup));
            if (owesWatching) {
                Events.watching(position, 0, words.lines());
            }
        }
        breakOff();
    }

    /** Nothing is under way any more. */
    void breakOff() {
        if (waiting != null) {
            waiting.arrival().cancel(false);
            waiting = null;
        }
        if (snapshot != null) {
            snapshot.close();
            snapshot = null;
        }
        if (addition != null) {
            addition.close();
            addition = null;
        }
        owesWatching = false;
    }

    // ---- the subscription's selection

    private void watch(UpdateReader updates, List<Selector> selectors) {
        Selection before = updates.selection();
        Selection all = before.with(selectors);
        String tooLarge = selectors.isEmpty() ? null : settings.selections().refusal(all);
        if (tooLarge != null) {
            words.error(ErrorCode.SELECTION_TOO_LARGE, tooLarge);
        } else if (leaving) {
            words.error(ErrorCode.DRAINING, ENDS);
        } else {
            add(
                    updates,
                    all,
                    selectors.stream().filter(one -> !before.covers(one)).toList());
        }
    }

    private void add(UpdateReader updates, Selection all, List<Selector> added) {
        if (resyncs && !added.isEmpty()) {
            long head = feed.hub().head();
            SnapshotStream documents = snapshots.open(new Request.Sync(Selection.of(added)));
            addition = documents == null ? null : new Addition(updates.cursor(), head, documents, all);
        } else {
            updates.watch(all);
        }
    }

    private @Nullable EventLines goOn(UpdateReader updates, Addition adding) {
        try {
            if (!adding.isDue()) {
                EventLines lines = next(updates);
                if (lines != null || addition == null || !adding.isDue()) {
                    return lines;
                }
            }
            EventLines documents = adding.poll();
            if (adding.isAtEnd()) {
                adding.end();
                addition = null;
                Events.watching(feed.positionAt(adding.seq()), adding.documents(), words.lines());
            }
            return documents;
        } catch (FeedLogException e) {
            breakOff();
            words.unreadable("the documents", e, "nothing was added, try again later");
            return null;
        }
    }

    // ---- the updates

    /** The next updates; null if there are none now, or something else is under way. */
    @Nullable
    EventLines updates() {
        UpdateReader updates = following;
        if (updates == null || isBusy()) {
            return null;
        }
        if (leaving) {
            // The feed commits nothing more in a drain; for one connection's shutdown this is its last update.
            updates.endAtHead();
        }
        return next(updates);
    }

    private @Nullable EventLines next(UpdateReader updates) {
        try {
            EventLines lines = updates.poll();
            if (lines == null && updates.isLost()) {
                lose(updates);
            }
            return lines;
        } catch (FeedLogException e) {
            boolean adds = addition != null;
            breakOff();
            endSubscription();
            words.unreadable("the updates", e, "reconnect and resume from your position");
            if (adds) {
                words.error(ErrorCode.NOT_SUBSCRIBED, FOLLOWS_NOTHING);
            }
            return null;
        }
    }

    /** The log was trimmed past a lagging cursor. */
    private void lose(UpdateReader updates) {
        boolean adds = addition != null;
        Selection selection = addition == null ? updates.selection() : addition.all();
        breakOff();
        if (leaving) {
            if (adds) {
                words.error(ErrorCode.DRAINING, ENDS);
            }
            return;
        }
        endSubscription();
        Subscription cursor = updates.cursor();
        String reason = "the log does not hold what comes after " + cursor.seq() + " any more";
        if (resyncs) {
            resync(reason, new Request.Follow(null, cursor.steps() == Steps.NEWEST, selection));
            owesWatching = adds && snapshot != null;
            if (adds && !owesWatching) {
                words.error(ErrorCode.NOT_SUBSCRIBED, FOLLOWS_NOTHING);
            }
        } else {
            unavailable(reason);
        }
    }

    private void endSubscription() {
        if (following != null) {
            told = following.position();
            following.close();
            following = null;
        }
    }

    /** A sign of life, if there is nothing else to say. */
    void heartbeat() {
        if (following != null) {
            following.heartbeat();
        }
    }

    /** The client was told to go: updates end at the feed's head, and nothing new begins. */
    void leave() {
        leaving = true;
        if (following != null) {
            following.leave();
        }
    }

    /** No updates follow those that the client has. */
    void endHere() {
        if (following != null) {
            following.endHere();
        }
    }

    /** Whether a client that does not keep up is better told later, of what is the newest then. */
    boolean saysTheNewest() {
        return following != null && following.cursor().steps() == Steps.NEWEST;
    }

    boolean isFollowing() {
        return following != null;
    }

    /** What is read for the client now, or will be: documents and updates. */
    List<Selection> selections() {
        return Stream.of(
                        waiting == null ? null : waiting.request().selection(),
                        snapshot == null ? null : snapshot.request().selection(),
                        addition == null ? null : addition.all(),
                        following == null ? null : following.selection())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether the updates have ended where they were to. */
    boolean isAtEnd() {
        return following == null || following.isAtEnd();
    }

    // ---- what is told of it

    /** Where the client can resume without missing anything that it asked for. */
    Position resumption() {
        if (following != null) {
            return following.position();
        }
        Position known = told;
        if (known != null) {
            return known;
        }
        return asksForPositions ? feed.positionAt(0) : feed.head();
    }

    Following following() {
        if (snapshot != null) {
            return snapshot.following(feed.hub().head());
        }
        return following == null ? Following.NOTHING : following.following();
    }

    void close() {
        breakOff();
        endSubscription();
    }
}
