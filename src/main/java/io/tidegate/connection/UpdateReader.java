package io.tidegate.connection;

import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.SteadyClock;
import io.tidegate.feed.Steps;
import io.tidegate.feed.Subscription;
import io.tidegate.ledger.Following;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Events;
import io.tidegate.wire.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The subscription of one client: its updates, and what is told of how far it has come. */
final class UpdateReader {

    static final String FOLLOWS_EVERYTHING =
            "this subscription follows everything, of which nothing can be taken back: reconnect and name what to follow";

    private final Feed feed;
    private final Subscription cursor;
    private final int writeBytes;
    private final Words words;

    /** The client was not told yet that it has caught up. */
    private boolean owesCaughtUp = true;

    /** Everything that was committed had been handed out with the last updates. */
    private boolean wasAtHead;

    private boolean leaving;

    private UpdateReader(Feed feed, Subscription cursor, int writeBytes, Words words, boolean leaving) {
        this.feed = feed;
        this.cursor = cursor;
        this.writeBytes = writeBytes;
        this.words = words;
        this.leaving = leaving;
    }

    /**
     * Tells the client where its subscription begins.
     *
     * @param start where the cursor was opened; by now it may have passed by what does not concern it
     * @param cursor closed with it
     * @param leaving whether the client was told to go already
     */
    static UpdateReader begin(
            Feed feed, long start, Subscription cursor, int writeBytes, Words words, boolean leaving) {
        var updates = new UpdateReader(feed, cursor, writeBytes, words, leaving);
        Events.subscribed(feed.positionAt(start), words.lines());
        updates.tellCaughtUp();
        return updates;
    }

    /** How much of what has changed the client is sent. */
    static Steps steps(Request.Subscribing request) {
        if (request.latest()) {
            return Steps.NEWEST;
        }
        return request instanceof Request.Follow ? Steps.RETAINED : Steps.EVERY;
    }

    Subscription cursor() {
        return cursor;
    }

    Selection selection() {
        return cursor.selection();
    }

    /** After which the client resumes. */
    Position position() {
        return feed.positionAt(cursor.seq());
    }

    /**
     * The next updates; null if there are none now.
     *
     * @throws FeedLogException if the log cannot be read; the subscription is over
     */
    @Nullable
    EventLines poll() throws FeedLogException {
        EventLines lines = cursor.poll(feed.pieceBytes(writeBytes));
        if (cursor.beganCondensed()) {
            tellCondensed(feed.positionAt(cursor.condensedAfter()), cursor.steps(), words);
            // From here on what the client has is that of no one position, until it has everything.
            owesCaughtUp = true;
            wasAtHead = false;
        }
        if (lines == null) {
            tellCaughtUp();
        } else if (owesCaughtUp) {
            wasAtHead = cursor.isLive();
        }
        return lines;
    }

    /** Once, as soon as there is nothing more to catch up with. */
    void tellCaughtUp() {
        if (owesCaughtUp && !leaving && (wasAtHead || cursor.isLive())) {
            owesCaughtUp = false;
            Events.caughtUp(position(), words.lines());
        }
    }

    /** Who asked for the newest form only, when it cannot keep up, knows that steps are left out. */
    static void tellCondensed(Position from, Steps steps, Words words) {
        if (steps != Steps.NEWEST) {
            Events.condensed(
                    "the log does not hold every step after " + from
                            + " any more: what changed since comes once, in its newest form",
                    words.lines());
        }
    }

    /** A sign of life, if there is nothing else to say. */
    void heartbeat() {
        if (cursor.isLive() && !words.hasLines()) {
            Events.heartbeat(cursor.seq(), words.lines());
        }
    }

    // ---- its selection

    /** Covers more that needs no documents. */
    void watch(Selection all) {
        Events.watching(feed.positionAt(cursor.select(all)), 0, words.lines());
    }

    /** Covers less from here on, if those are selectors of its own. */
    void unwatch(List<Selector> selectors) {
        Selection before = cursor.selection();
        List<Selector> unknown =
                selectors.stream().filter(one -> !before.given().contains(one)).toList();
        if (before.isAll()) {
            words.error(ErrorCode.BAD_REQUEST, FOLLOWS_EVERYTHING);
        } else if (!unknown.isEmpty()) {
            words.error(
                    ErrorCode.BAD_REQUEST,
                    unknown.get(0)
                            + " was not asked for, and nothing was changed: selectors are taken back as they were"
                            + " given");
        } else {
            Events.unwatched(feed.positionAt(cursor.select(before.without(selectors))), words.lines());
        }
    }

    // ---- its end

    /** The client was told to go. */
    void leave() {
        leaving = true;
    }

    /** The updates up to the feed's head are the last ones, unless fewer were to be. */
    void endAtHead() {
        cursor.endAt(feed.hub().head());
    }

    /** No updates follow those that the client has. */
    void endHere() {
        cursor.endAt(cursor.seq());
    }

    /** Whether the updates have ended where they were to. */
    boolean isAtEnd() {
        return cursor.isAtEnd();
    }

    /** Whether the log was trimmed past it. */
    boolean isLost() {
        return cursor.isLost();
    }

    Following following() {
        var progress = cursor.isLagging(SteadyClock.PROCESS.millis())
                ? Following.Progress.CATCHING_UP
                : Following.Progress.LIVE;
        return new Following(progress, cursor.selection(), cursor.taken(), cursor.lag());
    }

    void close() {
        cursor.close();
    }
}
