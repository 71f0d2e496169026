package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.access.Pass;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Framing;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Following;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Transport;
import io.tidegate.wire.Addressee;
import io.tidegate.wire.Decoder;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Line;
import io.tidegate.wire.Request;
import io.tidegate.wire.RequestException;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The dialogue with one client of the line protocol, on any transport: takes request lines, gives event lines.
 *
 * <p>It never waits. {@link #poll} looks at everything that the client is owed, in this order, and returns what is there:
 *
 * <pre>
 *  Requests: answers, in order ─► FeedReader: snapshot, then updates ─► heartbeat ─► Parting: goodbye
 * </pre>
 *
 * <p>Whatever may change that from outside (a settled publication, a read that came back, a new batch, an operator) signals
 * the one {@link Wakeup}, and it is polled again. Guarded by the connection's lock.
 *
 * @param <I> what is found in the client's bytes
 */
final class Session<I> implements Dialogue<I>, ClientInput {

    private final Feed feed;
    private final ConnectionSettings settings;
    private final Pass pass;
    private final Dialect<I> dialect;
    private final Decoder<ByteString, I> decoder;
    private final Framing framing;
    private final Wakeup wakeup;
    private final LongSupplier nanoClock;

    private final Words words;
    private final Permission permission;
    private final Identification identification;
    private final Requests requests;
    private final FeedReader reader;
    private final Parting parting;
    private final LifeSign lifeSign;
    private final InputClock clock;
    private final Introduction introduction = new Introduction();

    private boolean inputEnded;
    /** What the client sends means nothing. */
    private boolean isDeaf;

    private boolean heartbeatDue;

    /** The feed counts it among those who hold bytes that their clients do not take. */
    private boolean holding;

    /**
     * A session that has asked for nothing yet.
     *
     * @param pass who the client is; it may show that it is somebody else
     * @param dialect how the client is spoken to
     */
    Session(
            Feed feed,
            ConnectionSettings settings,
            Pass pass,
            Dialect<I> dialect,
            Supplier<List<String>> elsewhere,
            Wakeup wakeup,
            LongSupplier nanoClock) {
        this.feed = feed;
        this.settings = settings;
        this.pass = pass;
        this.dialect = dialect;
        this.wakeup = wakeup;
        this.nanoClock = nanoClock;
        decoder = dialect.decoder(new Room(pass, settings));
        framing = dialect.framing();
        words = new Words(framing);
        permission = new Permission(pass, settings.selections());
        identification =
                new Identification(pass, settings.identity(), dialect.transport(), wakeup, nanoClock.getAsLong());
        requests = new Requests(feed, settings, pass, wakeup);
        reader = new FeedReader(feed, settings, pass, wakeup, words);
        parting = new Parting(dialect, elsewhere, nanoClock);
        lifeSign = new LifeSign(dialect.liveness(), nanoClock);
        clock = new InputClock(settings.lineTimeout(), settings.minLineRate());
        if (!identification.hasPlace()) {
            requests.refuse(ErrorCode.TOO_MANY_CONNECTIONS, ErrorCode.OF_IDENTITY);
            closed(dialect.rejection(ErrorCode.OF_IDENTITY), CloseReason.REFUSED);
        }
    }

    @Override
    public Transport transport() {
        return dialect.transport();
    }

    @Override
    public Following following() {
        return reader.following();
    }

    @Override
    public String identity() {
        return pass.identity().name();
    }

    @Override
    public CloseReason endReason() {
        return parting.reason();
    }

    // ---- from outside

    @Override
    public void shutdown(Goodbye last) {
        parting.ask(last);
        wakeup.signal();
    }

    /** A client that has to answer the last word is listened to up to its end. */
    @Override
    public boolean listens() {
        return !isDeaf && (!parting.isAsked() || parting.isAnswered());
    }

    @Override
    public void heartbeat() {
        heartbeatDue = true;
        wakeup.signal();
    }

    /** Asks a silent client for a word, gives one up that has none, and waits no longer for one that does not close. */
    @Override
    public void check(long nowNanos) {
        checkRight();
        if (identification.isOverdue(nowNanos) && !requests.haveEnded()) {
            requests.refuse(ErrorCode.UNAUTHENTICATED, Identification.TOO_LATE);
            giveUp(dialect.rejection(Identification.TOO_LATE), CloseReason.UNAUTHENTICATED);
        } else if (clock.isOverdue(wantsInput(), nowNanos) && !requests.haveEnded()) {
            requests.refuse(ErrorCode.TIMEOUT, InputClock.TOO_SLOW);
            giveUp(dialect.rejection(InputClock.TOO_SLOW), CloseReason.REFUSED);
        } else if (parting.isSaid()) {
            if (parting.isOverdue(settings.lingerTimeout(), nowNanos)) {
                endWait();
            }
        } else if (wantsInput()) {
            Dialect.Liveness liveness = dialect.liveness();
            LifeSign.Due due = lifeSign.check(nowNanos);
            if (liveness != null && due == LifeSign.Due.GIVE_UP) {
                giveUp(liveness.farewell(), CloseReason.SILENT);
            } else if (liveness != null && due == LifeSign.Due.ASK) {
                answer(liveness.question());
                wakeup.signal();
            }
        }
    }

    /** When the right to be here has ended, what was taken from the client is still answered, and nothing more is read for it. */
    private void checkRight() {
        Goodbye goodbye =
                parting.isSaid() ? null : identification.check(reader::selections, requests.haveEnded() ? null : words);
        if (goodbye != null) {
            parting.leave(goodbye);
            reader.leave();
            breakOff();
            wakeup.signal();
        }
    }

    private void breakOff() {
        identification.drop();
        requests.end();
        requests.dropTurns();
        reader.breakOff();
        reader.endHere();
    }

    private void giveUp(ByteString frame, CloseReason reason) {
        closed(frame, reason);
        wakeup.signal();
    }

    @Override
    public boolean awaitsLastWord() {
        return parting.isWaiting();
    }

    @Override
    public void endWait() {
        giveUp(ByteString.emptyByteString(), CloseReason.LINGERED);
    }

    // ---- input

    @Override
    public Decoder<ByteString, I> decoder() {
        return decoder;
    }

    @Override
    public boolean wantsInput() {
        return !inputEnded && (requests.haveEnded() ? parting.isAnswered() : !isBusy() && requests.wantsMore());
    }

    private boolean isBusy() {
        return reader.isBusy() || identification.isBusy();
    }

    @Override
    public void begun(Decoder.@Nullable Begun unfinished) {
        clock.look(unfinished, wantsInput(), unfinished == null ? 0 : nanoClock.getAsLong());
    }

    /** It has one frame at a time to answer: the next answer would replace it. */
    @Override
    public boolean take(I input) {
        lifeSign.heard();
        dialect.take(input, this);
        return !words.hasFrame();
    }

    @Override
    public void line(Line line) {
        if (requests.haveEnded()) {
            return;
        }
        if (dialect.isOpenToStrangers() && introduction.isStranger(line.addressee())) {
            hangUp(line.addressee());
        } else if (line instanceof Line.Text textLine) {
            request(textLine);
        } else if (line instanceof Line.TooLong tooLong) {
            requests.refuse(
                    ErrorCode.LINE_TOO_LONG,
                    Room.tooLong(tooLong.maxBytes(), settings.maxLineBytes(), feed.documentLimit()));
        } else if (!parting.isAsked()) {
            requests.refuse(
                    ErrorCode.INCOMPLETE_LINE,
                    "the input ended within a line, which was ignored: end it with a newline");
        }
    }

    private void hangUp(Addressee addressee) {
        String seen = addressee == Addressee.HTTP
                ? "that is HTTP, and this is the port of the line protocol"
                : "that is no request of the line protocol";
        requests.refuse(
                ErrorCode.WRONG_PROTOCOL,
                seen + ": nothing was done and no more is read; connect again and send help for what there is");
        closed(ByteString.emptyByteString(), CloseReason.REFUSED);
    }

    private void request(Line.Text line) {
        try {
            requests.take(line.request(settings.selections().bytes()));
        } catch (RequestException e) {
            requests.refuse(e.code(), e.message());
        }
    }

    /** Takes all requests of a client that asked in another way, and does not listen to it any more. */
    void answerOnly(List<Request> asked) {
        requests.takeOnly(asked);
        inputEnded = true;
        isDeaf = true;
    }

    @Override
    public void answer(ByteString frame) {
        words.frame(frame);
    }

    @Override
    public void closed(ByteString frame, CloseReason reason) {
        if (parting.close(frame, reason)) {
            breakOff();
        }
    }

    @Override
    public void inputEnded() {
        if (parting.isAnswered()) {
            // Without a last word from the client there is none for it.
            closed(ByteString.emptyByteString(), CloseReason.PEER_CLOSED);
        }
        requests.end();
        inputEnded = true;
    }

    // ---- output

    @Override
    public boolean isFinished() {
        return parting.isOver();
    }

    @Override
    public @Nullable EventLines poll() {
        wakeup.reset();
        if (parting.begin() && parting.isAnswered()) {
            // On other transports the input is ended from outside, and who asked before that still gets an answer.
            requests.end();
        }
        if (parting.saysGoodbye()) {
            reader.leave();
        }
        reader.look();
        requests.retry();
        EventLines bulk = answers();
        if (bulk == null) {
            bulk = reader.updates();
        }
        if (bulk == null && !isBusy()) {
            heartbeatOrEnd();
        }
        return joined(bulk);
    }

    private @Nullable EventLines joined(@Nullable EventLines bulk) {
        EventLines shared = bulk == null ? null : bulk.framed(framing);
        ByteString own = words.take();
        if (own.isEmpty()) {
            return shared;
        }
        return shared == null ? EventLines.withoutUpdates(own) : shared.after(own);
    }

    /** Writes answers that are due; returns a piece of what takes its time, if anything does. */
    private @Nullable EventLines answers() {
        while (words.length() < settings.writeBytes()) {
            if (identification.isBusy()) {
                if (!identified()) {
                    return null;
                }
            } else if (reader.isBusy()) {
                EventLines more = reader.more();
                if (more != null || reader.isBusy()) {
                    return more;
                }
            } else if (!requests.answerNext(words, this::turn)) {
                return null;
            }
        }
        return null;
    }

    /** Whether it is known now who the client is. */
    private boolean identified() {
        if (identification.answer(words, reader.selections())) {
            closed(dialect.rejection(CloseReason.UNAUTHENTICATED.code()), CloseReason.UNAUTHENTICATED);
        }
        return !identification.isBusy();
    }

    private void turn(Request request) {
        try {
            take(request);
        } catch (RequestException e) {
            words.error(e.code(), e.message());
        }
    }

    private void take(Request request) throws RequestException {
        if (request instanceof Request.Quit) {
            parting.quit();
            requests.end();
            reader.leave();
            reader.endHere();
        } else if (request instanceof Request.Auth auth) {
            identification.begin(auth.token());
        } else {
            reader.take(permission.allowed(request, reader.isFollowing()));
        }
    }

    private void heartbeatOrEnd() {
        if (heartbeatDue) {
            heartbeatDue = false;
            if (!parting.saysGoodbye()) {
                reader.heartbeat();
            }
        }
        if (requests.areOver() && (!reader.isFollowing() || (parting.endsUpdates() && reader.isAtEnd()))) {
            parting.say(reader, words);
        }
    }

    @Override
    public boolean saysTheNewest() {
        // Who is told to go is told so at once, whatever waits.
        return !parting.isAsked() && !parting.endsUpdates() && reader.saysTheNewest();
    }

    /** While many hold bytes that their clients do not take, each is given less at once. */
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
        parting.end();
        identification.leave();
        requests.close();
        blocked(false);
        reader.close();
    }
}
