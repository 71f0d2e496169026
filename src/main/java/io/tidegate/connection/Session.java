package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.document.Change;
import io.tidegate.document.Filter;
import io.tidegate.document.Position;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Framing;
import io.tidegate.feed.Publication;
import io.tidegate.feed.SnapshotReader;
import io.tidegate.feed.SteadyClock;
import io.tidegate.feed.Subscription;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Following;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Transport;
import io.tidegate.wire.Addressee;
import io.tidegate.wire.Decoder;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Events;
import io.tidegate.wire.Line;
import io.tidegate.wire.Request;
import io.tidegate.wire.RequestException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The dialogue with one client: takes request lines, gives event lines.
 *
 * <p>It never waits. {@link #poll} looks at everything that the client is owed, in this order, and returns what is there:
 *
 * <pre>
 *  answers, in request order ─► snapshot that is being streamed ─► updates of the subscription ─► heartbeat ─► goodbye
 * </pre>
 *
 * <p>Whatever may change that from outside (a settled publication, a read that came back, a new batch, an operator) signals
 * the one {@link Wakeup}, and it is polled again. Guarded by the connection's lock.
 */
final class Session<I> implements Dialogue<I>, ClientInput {

    /** An answer that is owed; they are sent in order. */
    private sealed interface Answer {}

    private record Ready(Utf8Buffer line) implements Answer {}

    private record Published(Publication publication, int weight) implements Answer {}

    /** Sync, updates, follow and quit take their turn when everything before them was answered. */
    private record Turn(Request request) implements Answer {}

    private static final String TOO_SLOW = "what you began to send did not come to its end in time: send it at once";

    private final Feed feed;
    private final ConnectionSettings settings;
    private final Dialect<I> dialect;
    private final Decoder<ByteString, I> decoder;
    private final Framing framing;

    /** Whether the client has to answer the server's last word. */
    private final boolean answersFarewell;

    private final Wakeup wakeup;

    private final Introduction introduction = new Introduction();
    private final InputClock clock;

    private final ArrayDeque<Answer> answers = new ArrayDeque<>(0);
    private long pipelinedBytes;
    private Request.@Nullable Publish heldBack;
    private boolean turnWaits;

    /** No more requests are taken; what still comes from the client may answer the farewell. */
    private boolean requestsEnded;

    private boolean inputEnded;

    /** What the client sends means nothing. */
    private boolean isDeaf;

    /** Frames of the transport: one that is sent next, and one that is sent last. */
    private @Nullable ByteString frame;

    private @Nullable ByteString last;

    private @Nullable SnapshotReader snapshot;
    private @Nullable Request streaming;
    private @Nullable Subscription subscription;
    private boolean resyncs;

    /** The client has asked for documents or updates, and was told this position last, before a subscription that is live. */
    private boolean asksForPositions;

    private @Nullable Position told;

    private @Nullable Utf8Buffer text;
    private @Nullable Goodbye goodbye;
    private CloseReason endReason = CloseReason.QUIT;
    private boolean finished;

    // System.nanoTime; 0 if that is not so.
    private long farewellSince;
    private long askedSince;
    private long heardAt = System.nanoTime();

    // Seen by the poll that follows the wakeup.
    private @Nullable Goodbye requestedGoodbye;
    private boolean heartbeatDue;

    /** The feed counts it among those who hold bytes that their clients do not take. */
    private boolean holding;

    /**
     * A session that has asked for nothing yet.
     *
     * @param dialect how the client is spoken to
     */
    Session(Feed feed, ConnectionSettings settings, Dialect<I> dialect, Wakeup wakeup) {
        this.feed = feed;
        this.settings = settings;
        this.dialect = dialect;
        decoder = dialect.decoder(settings.maxLineBytes());
        this.framing = dialect.framing();
        answersFarewell = !dialect.farewell(CloseReason.QUIT).isEmpty();
        this.wakeup = wakeup;
        clock = new InputClock(settings.lineTimeout(), settings.minLineRate());
    }

    @Override
    public Transport transport() {
        return dialect.transport();
    }

    @Override
    public Following following() {
        SnapshotReader documents = snapshot;
        Request asked = streaming;
        if (documents != null && asked != null) {
            // Its number is known when it has given documents; a client that only syncs is not owed what comes after
            // it.
            long seq = documents.documents() > 0 ? documents.seq() : 0;
            long lag = asked instanceof Request.Follow && seq > 0 ? feed.hub().head() - seq : 0;
            return new Following(Following.Progress.SNAPSHOT, shown(filter(asked)), seq, lag);
        }
        Subscription cursor = subscription;
        if (cursor == null) {
            return Following.NOTHING;
        }
        var progress = cursor.isLagging(SteadyClock.PROCESS.millis())
                ? Following.Progress.CATCHING_UP
                : Following.Progress.LIVE;
        return new Following(progress, shown(cursor.filter()), cursor.taken(), cursor.lag());
    }

    private static Filter filter(Request asked) {
        return asked instanceof Request.Follow follow
                ? follow.filter()
                : asked instanceof Request.Sync sync ? sync.filter() : Filter.ALL;
    }

    private static String shown(Filter filter) {
        return filter.isAll()
                ? "all"
                : filter.collections().stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    @Override
    public CloseReason endReason() {
        return endReason;
    }

    // ---- from outside

    @Override
    public void shutdown(Goodbye last) {
        requestedGoodbye = last;
        wakeup.signal();
    }

    /** A client that has to answer the farewell is listened to up to its end. */
    @Override
    public boolean listens() {
        return !isDeaf && (requestedGoodbye == null || answersFarewell);
    }

    @Override
    public void heartbeat() {
        heartbeatDue = true;
        wakeup.signal();
    }

    /** Asks a silent client for a word, gives one up that has none, and waits no longer for one that does not close. */
    @Override
    public void check(long nowNanos) {
        Dialect.Liveness liveness = dialect.liveness();
        if (clock.isOverdue(wantsInput(), nowNanos) && !requestsEnded) {
            refuse(ErrorCode.TIMEOUT, TOO_SLOW);
            closed(dialect.rejection(TOO_SLOW), CloseReason.REFUSED);
            wakeup.signal();
        } else if (farewellSince != 0) {
            if (nowNanos - farewellSince >= settings.lingerTimeout().toNanos()) {
                endWait();
            }
        } else if (liveness != null && wantsInput()) {
            if (askedSince != 0 && nowNanos - askedSince >= liveness.timeout().toNanos()) {
                closed(liveness.farewell(), CloseReason.SILENT);
                wakeup.signal();
            } else if (askedSince == 0
                    && nowNanos - heardAt >= liveness.interval().toNanos()) {
                askedSince = nowNanos;
                answer(liveness.question());
                wakeup.signal();
            }
        }
    }

    @Override
    public boolean awaitsLastWord() {
        return farewellSince != 0 && last == null;
    }

    @Override
    public void endWait() {
        closed(ByteString.emptyByteString(), CloseReason.LINGERED);
        wakeup.signal();
    }

    // ---- input

    @Override
    public Decoder<ByteString, I> decoder() {
        return decoder;
    }

    @Override
    public boolean wantsInput() {
        return !inputEnded && (requestsEnded ? answersFarewell : wantsRequest());
    }

    private boolean wantsRequest() {
        return !turnWaits
                && snapshot == null
                && heldBack == null
                && answers.size() < settings.pipelinedRequests()
                && pipelinedBytes < settings.pipelinedBytes();
    }

    @Override
    public void begun(Decoder.@Nullable Begun unfinished) {
        clock.look(unfinished, wantsInput(), unfinished == null ? 0 : System.nanoTime());
    }

    /** It has one frame at a time to answer: the next answer would replace it. */
    @Override
    public boolean take(I input) {
        heard();
        dialect.take(input, this);
        return frame == null;
    }

    /** Something came, whatever it is. */
    private void heard() {
        if (dialect.liveness() != null) {
            heardAt = System.nanoTime();
            askedSince = 0;
        }
    }

    @Override
    public void line(Line line) {
        if (requestsEnded) {
            return;
        }
        if (dialect.isOpenToStrangers() && introduction.isStranger(line.addressee())) {
            hangUp(line.addressee());
        } else if (line instanceof Line.Text textLine) {
            request(textLine);
        } else if (line instanceof Line.TooLong tooLong) {
            refuse(
                    ErrorCode.LINE_TOO_LONG,
                    "the line is longer than " + tooLong.maxBytes() + " bytes and was skipped: send a shorter one;"
                            + " documents may have " + feed.documentLimit()
                            + ", and lines what tidegate.connection.max-line-bytes allows");
        } else if (requestedGoodbye == null) {
            refuse(
                    ErrorCode.INCOMPLETE_LINE,
                    "the input ended within a line, which was ignored: end it with a newline");
        }
    }

    private void hangUp(Addressee addressee) {
        String seen = addressee == Addressee.HTTP
                ? "that is HTTP, and this is the port of the line protocol"
                : "that is no request of the line protocol";
        refuse(
                ErrorCode.WRONG_PROTOCOL,
                seen + ": nothing was done and no more is read; connect again and send help for what there is");
        closed(ByteString.emptyByteString(), CloseReason.REFUSED);
    }

    private void request(Line.Text line) {
        try {
            Request request = line.request();
            if (request instanceof Request.Publish publish) {
                publish(publish);
            } else if (request instanceof Request.Ping) {
                answers.add(new Ready(line(Events::pong)));
            } else if (request instanceof Request.Help) {
                answers.add(new Ready(line(Events::help)));
            } else {
                turnWaits = true;
                answers.add(new Turn(request));
            }
        } catch (RequestException e) {
            refuse(e.code(), e.message());
        }
    }

    /** Takes the only request of a client that asked in another way, and does not listen to it any more. */
    void answerOnly(Request request) {
        turnWaits = true;
        answers.add(new Turn(request));
        requestsEnded = true;
        inputEnded = true;
        isDeaf = true;
    }

    @Override
    public void answer(ByteString frame) {
        this.frame = frame;
    }

    @Override
    public void closed(ByteString frame, CloseReason reason) {
        if (last == null) {
            last = farewellSince == 0 ? frame : ByteString.emptyByteString();
            endReason = farewellSince == 0 ? reason : endReason;
            requestsEnded = true;
            endSnapshot();
            answers.removeIf(Turn.class::isInstance);
            turnWaits = false;
            if (subscription != null) {
                subscription.endAt(subscription.seq());
            }
        }
    }

    private void publish(Request.Publish publish) {
        if (!feed.hasRoom()) {
            heldBack = publish;
            feed.awaitRoom(wakeup);
            return;
        }
        Change change = publish.change();
        pipelinedBytes += change.weight();
        answers.add(new Published(feed.publish(change, wakeup::signal), change.weight()));
    }

    private void refuse(ErrorCode code, String message) {
        answers.add(new Ready(line(target -> Events.error(code, message, target))));
    }

    @Override
    public void inputEnded() {
        if (answersFarewell) {
            // Without a last word from the client there is none for it.
            closed(ByteString.emptyByteString(), CloseReason.PEER_CLOSED);
        }
        requestsEnded = true;
        inputEnded = true;
    }

    // ---- output

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public @Nullable EventLines poll() {
        wakeup.reset();
        if (goodbye == null && requestedGoodbye != null) {
            goodbye = requestedGoodbye;
            // On other transports the input is ended from outside, and who asked before that still gets an answer.
            requestsEnded |= answersFarewell;
        }
        retryHeldBack();
        EventLines bulk = answerAll();
        if (bulk == null && snapshot == null && subscription != null) {
            bulk = updates(subscription);
        }
        if (bulk == null && snapshot == null) {
            heartbeatOrEnd();
        }
        return joined(bulk);
    }

    private @Nullable EventLines joined(@Nullable EventLines bulk) {
        EventLines shared = bulk == null ? null : bulk.framed(framing);
        ByteString own = own();
        if (own.isEmpty()) {
            return shared;
        }
        return shared == null ? EventLines.withoutUpdates(own) : shared.after(own);
    }

    /** What only this client is sent: event lines, then a frame. */
    private ByteString own() {
        Utf8Buffer written = text;
        ByteString behind = frame;
        text = null;
        frame = null;
        ByteString lines = written == null
                ? ByteString.emptyByteString()
                : framing.frame(ByteString.fromArrayUnsafe(written.toArray()));
        return behind == null ? lines : lines.concat(behind);
    }

    private void retryHeldBack() {
        Request.Publish waiting = heldBack;
        if (waiting != null) {
            heldBack = null;
            publish(waiting);
        }
    }

    /** Writes answers that are due; returns a piece of a snapshot if one is being streamed. */
    private @Nullable EventLines answerAll() {
        while (text == null || text.length() < settings.writeBytes()) {
            if (snapshot != null) {
                EventLines documents = documents(snapshot);
                if (documents != null || snapshot != null) {
                    return documents;
                }
            } else if (!answerNext()) {
                return null;
            }
        }
        return null;
    }

    private boolean answerNext() {
        Answer next = answers.peek();
        if (next == null
                || (next instanceof Published pending && !pending.publication().isSettled())) {
            return false;
        }
        answers.remove();
        if (next instanceof Ready ready) {
            text().put(ready.line());
        } else if (next instanceof Published published) {
            pipelinedBytes -= published.weight();
            settled(published.publication());
        } else if (next instanceof Turn turn) {
            turnWaits = false;
            take(turn.request());
        }
        return true;
    }

    private void settled(Publication publication) {
        if (publication.refusal() == null) {
            Events.accepted(publication.seq(), text());
        } else if (publication.refusal() == Publication.Refusal.DRAINING) {
            error(
                    ErrorCode.DRAINING,
                    "the server is about to stop and did not take this change: send it after reconnecting");
        } else if (publication.refusal() == Publication.Refusal.TOO_LARGE) {
            error(ErrorCode.TOO_LARGE, "the document is longer than " + feed.documentLimit() + ": send a smaller one");
        } else if (publication.refusal() == Publication.Refusal.STORE_DAMAGED) {
            error(ErrorCode.STORE_DAMAGED, "the store cannot take this change: " + ErrorCode.DAMAGED);
        } else {
            error(ErrorCode.STORE_FAILED, "the store could not take this change: try again later");
        }
    }

    private void take(Request request) {
        asksForPositions |= !(request instanceof Request.Quit);
        if (request instanceof Request.Sync sync) {
            stream(sync, sync.filter());
        } else if (request instanceof Request.Quit) {
            goodbye = goodbye == null ? new Goodbye(CloseReason.QUIT, Duration.ZERO) : goodbye;
            requestsEnded = true;
            if (subscription != null) {
                subscription.endAt(subscription.seq());
            }
        } else if (subscription != null) {
            error(ErrorCode.ALREADY_SUBSCRIBED, "this connection follows updates already: use another connection");
        } else if (request instanceof Request.Updates updates) {
            resyncs = false;
            subscribe(updates.after(), updates.filter());
        } else if (request instanceof Request.Follow follow) {
            resyncs = true;
            follow(follow);
        }
    }

    private void subscribe(@Nullable Position after, Filter filter) {
        Position start = after == null ? feed.head() : after;
        subscription = feed.subscribe(start, filter, wakeup);
        if (subscription == null) {
            error(
                    ErrorCode.POSITION_UNAVAILABLE,
                    "the log does not hold what comes after " + start + ": use sync or follow to start anew");
        } else {
            subscribed(feed.positionAt(start.seq()));
        }
    }

    private void subscribed(Position position) {
        told = position;
        Events.subscribed(position, text());
    }

    private void follow(Request.Follow follow) {
        Position after = follow.after();
        if (after != null) {
            subscription = feed.subscribe(after, follow.filter(), wakeup);
            if (subscription != null) {
                subscribed(feed.positionAt(after.seq()));
                return;
            }
            Events.resync("the log does not hold what comes after " + after, text());
        }
        stream(follow, follow.filter());
    }

    private void stream(Request request, Filter filter) {
        streaming = request;
        snapshot = feed.readSnapshot(filter, settings.writeBytes(), wakeup);
    }

    /** A piece of the snapshot, null if none is there yet or it has just ended. */
    private @Nullable EventLines documents(SnapshotReader reader) {
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
        Events.synced(position, reader.documents(), text());
        if (streaming instanceof Request.Follow follow) {
            subscription = feed.subscribeAfter(position.seq(), follow.filter(), wakeup);
            subscribed(position);
        }
        endSnapshot();
    }

    private void endSnapshot() {
        if (snapshot != null) {
            snapshot.close();
            snapshot = null;
            streaming = null;
        }
    }

    private @Nullable EventLines updates(Subscription cursor) {
        if (goodbye != null) {
            // The feed commits nothing more in a drain; for one connection's shutdown this is its last update.
            cursor.endAt(feed.hub().head());
        }
        try {
            EventLines lines = cursor.poll(feed.pieceBytes(settings.writeBytes()));
            if (lines == null && cursor.isLost() && goodbye == null) {
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
        Filter filter = cursor.filter();
        endSubscription();
        String reason = "the log does not hold what comes after " + cursor.seq() + " any more";
        if (resyncs) {
            Events.resync(reason, text());
            stream(new Request.Follow(null, filter), filter);
        } else {
            error(ErrorCode.POSITION_UNAVAILABLE, reason + ": use sync or follow to start anew");
        }
    }

    private void endSubscription() {
        if (subscription != null) {
            told = feed.positionAt(subscription.seq());
            subscription.close();
            subscription = null;
        }
    }

    private void heartbeatOrEnd() {
        if (heartbeatDue) {
            heartbeatDue = false;
            if (subscription != null && subscription.isLive() && goodbye == null && text == null) {
                Events.heartbeat(subscription.seq(), text());
            }
        }
        if (requestsEnded && answers.isEmpty() && heldBack == null && isNothingOwed()) {
            end();
        }
    }

    private boolean isNothingOwed() {
        return subscription == null || ((goodbye != null || last != null) && subscription.isAtEnd());
    }

    /** The last words: the goodbye, and the transport's own, which may have to be answered. */
    private void end() {
        if (last != null) {
            addFrame(last);
            finished = true;
        } else if (farewellSince == 0) {
            if (goodbye != null) {
                sayGoodbye(goodbye);
                addFrame(dialect.farewell(goodbye.reason()));
                farewellSince = answersFarewell ? System.nanoTime() : 0;
            }
            finished = farewellSince == 0;
        }
    }

    /** Behind one that was not sent yet. */
    private void addFrame(ByteString next) {
        frame = frame == null ? next : frame.concat(next);
    }

    private void sayGoodbye(Goodbye last) {
        Events.goodbye(last.reason().code(), resumption(), last.reconnectAfter().toMillis(), text());
    }

    /** Where the client can resume without missing anything that it asked for. */
    private Position resumption() {
        if (subscription != null) {
            return feed.positionAt(subscription.seq());
        }
        Position known = told;
        if (known != null) {
            return known;
        }
        return asksForPositions ? feed.positionAt(0) : feed.head();
    }

    private void unreadable(String what, FeedLogException e, String otherwise) {
        if (e.isLasting()) {
            error(ErrorCode.STORE_DAMAGED, what + " cannot be read: " + ErrorCode.DAMAGED);
        } else {
            error(ErrorCode.STORE_FAILED, what + " cannot be read: " + otherwise);
        }
    }

    private void error(ErrorCode code, String message) {
        Events.error(code, message, text());
    }

    private Utf8Buffer text() {
        Utf8Buffer buffer = text;
        if (buffer == null) {
            buffer = new Utf8Buffer(128);
            text = buffer;
        }
        return buffer;
    }

    private static Utf8Buffer line(Consumer<Utf8Buffer> event) {
        var buffer = new Utf8Buffer(128);
        event.accept(buffer);
        return buffer;
    }

    @Override
    public void blocked(boolean isBlocked) {
        if (isBlocked != holding) {
            holding = isBlocked;
            if (isBlocked) {
                feed.startHolding();
            } else {
                feed.stopHolding();
            }
        }
    }

    @Override
    public void close() {
        finished = true;
        blocked(false);
        endSnapshot();
        endSubscription();
    }
}
