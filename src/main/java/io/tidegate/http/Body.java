package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request, taken as a whole or piece by piece, once; what nobody takes is discarded.
 *
 * <p>The connection watches it while it comes, and may end it before its end: because it is too slow, or because the connection
 * is about to end. Then whoever takes it is told with the answer for the client, which is sent at once: what had come
 * before is not lost, and what the client still sends is discarded. Guarded by the connection's lock.
 */
public final class Body {

    /** Whoever takes a body piece by piece. */
    interface Taker {

        /** Whether the next piece may come; looked at again when the connection was woken. */
        boolean isReady();

        void take(ByteString piece);

        /** It has come as a whole. */
        void ended();

        /** No more of it will come, and why, as the client is told. */
        void broken(Problem why);
    }

    static final Problem BROKEN = Problem.badRequest("the body is cut or malformed: send what was not accepted");

    private static final Problem TIMED_OUT = Problem.of(
            HttpResponseStatus.REQUEST_TIMEOUT, ErrorCode.TIMEOUT, "the body did not come in time: send it faster");

    /** The rest of a body that nobody wants is waited for if it is no longer: the connection is worth more. */
    private static final long SHORT_REST_BYTES = 64 * 1024;

    /** Passes over everything. */
    private static final class Nobody implements Taker {

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void take(ByteString piece) {
            // It is discarded.
        }

        @Override
        public void ended() {
            // Nobody waits for it.
        }

        @Override
        public void broken(Problem why) {
            // Nobody waits for it.
        }
    }

    private static final class Whole implements Taker {

        private final long most;
        private final CompletableFuture<ByteString> whole = new CompletableFuture<>();

        /** Copied together: pieces may be of one byte each, and each of them is an object of a hundred. */
        private ByteArrayOutputStream collected = new ByteArrayOutputStream();

        Whole(long most) {
            this.most = most;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void take(ByteString piece) {
            if (collected.size() + piece.size() > most) {
                broken(tooLong(most));
            } else if (!whole.isDone()) {
                collected.writeBytes(piece.toArrayUnsafe());
            }
        }

        @Override
        public void ended() {
            whole.complete(ByteString.fromArrayUnsafe(collected.toByteArray()));
        }

        @Override
        public void broken(Problem why) {
            collected = new ByteArrayOutputStream();
            whole.completeExceptionally(why.refusal());
        }
    }

    private static final Taker NOBODY = new Nobody();

    /** Of a request that has none, and so needs no limits. */
    static final Body NONE = new Body(
            0,
            new HttpSettings(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1, 0, 0),
            new Wakeup(Runnable::run, () -> {}),
            () -> {});

    private final HttpSettings settings;
    private final Wakeup wakeup;
    private final Runnable whenWanted;

    /** Bytes that are still to come; -1 if only the end tells. */
    private long left;

    private Taker taker = NOBODY;
    private BodyClock clock;
    private boolean waits;
    private boolean byLine;
    private boolean over;

    /** Its rest is not waited for. */
    private boolean givenUp;

    private @Nullable Problem hurried;

    /** Why it has ended before its end. */
    private @Nullable Problem broken;

    /** Gives free what waits for the answer. Set by any thread: who waits for something goes on wherever that comes. */
    private volatile Runnable whenDropped = () -> {};

    private volatile boolean dropped;

    /**
     * A body that begins.
     *
     * @param length in bytes; -1 if only its end tells
     * @param wakeup has the connection look at it
     * @param whenWanted called when somebody begins to take it before it has ended
     */
    Body(long length, HttpSettings settings, Wakeup wakeup, Runnable whenWanted) {
        left = length;
        this.settings = settings;
        this.wakeup = wakeup;
        this.whenWanted = whenWanted;
        over = length == 0;
        clock = new BodyClock(settings, false);
    }

    // ---- whoever takes it

    /** All of it; fails with {@link Problem.Refusal} if it is too long. */
    CompletionStage<ByteString> whole() {
        long most = settings.maxBodyBytes();
        var whole = new Whole(most);
        if (left > most) {
            whole.broken(tooLong(most));
        } else {
            takenBy(whole, false);
        }
        return whole.whole;
    }

    /** Its pieces, as many as there are, in lines. */
    void lines(Taker lines) {
        takenBy(lines, true);
    }

    /** Has the taker asked again whether it is ready. */
    Wakeup wakeup() {
        return wakeup;
    }

    private void takenBy(Taker by, boolean inLines) {
        taker = by;
        byLine = inLines;
        if (over) {
            if (broken == null) {
                by.ended();
            } else {
                by.broken(broken);
            }
            return;
        }
        clock = new BodyClock(settings, inLines);
        whenWanted.run();
        if (hurried != null) {
            hurry(hurried);
        }
    }

    private static Problem tooLong(long most) {
        return Problem.of(
                Problem.CONTENT_TOO_LARGE,
                ErrorCode.TOO_LARGE,
                "the body is longer than " + most
                        + " bytes: send a shorter one; see tidegate.feed.max-document-bytes and"
                        + " tidegate.http.max-body-bytes");
    }

    /** What the client is told of a failure that the body ended with; null if it is another one's. */
    static @Nullable Problem problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof Problem.Refusal refusal ? refusal.problem() : null;
    }

    /** What is done if the connection ends before the request is answered, in place of what was to be done until now. */
    void whenDropped(Runnable release) {
        whenDropped = release;
        if (dropped) {
            release.run();
        }
    }

    // ---- the connection

    /** Nobody waits for the answer any more. */
    void drop() {
        dropped = true;
        whenDropped.run();
    }

    /** Whoever took it has answered: what still comes is discarded. */
    void discard() {
        taker = NOBODY;
    }

    /** Has the taker look at what was settled since, also when nothing more comes. */
    void look() {
        boolean unused = taker.isReady();
    }

    /** Whether the next piece may come. */
    boolean wantsMore(long nowNanos) {
        if (over || !taker.isReady()) {
            return false;
        }
        if (!waits) {
            waits = true;
            clock.waits(nowNanos);
        }
        return true;
    }

    /** Whether all of it has come, or nothing more will. */
    boolean isOver() {
        return over;
    }

    /** Whether what is missing, which nobody wants, is worth being waited for. */
    boolean isRestShort() {
        return !givenUp && left >= 0 && left <= SHORT_REST_BYTES;
    }

    void take(ByteString piece, long nowNanos) {
        left = left < 0 ? left : left - piece.size();
        waits = false;
        clock.came(piece, nowNanos);
        taker.take(piece);
    }

    void end() {
        if (!over) {
            over = true;
            left = 0;
            taker.ended();
        }
    }

    /** No more of it will come. */
    void breakOff(Problem why) {
        if (!over) {
            over = true;
            broken = why;
            taker.broken(why);
        }
    }

    /**
     * The connection is about to end: lines, which might come for ever, end at once, and a whole body if the rest of it is not
     * under way already.
     *
     * @param why what its client is told then
     */
    void hurry(Problem why) {
        hurried = why;
        clock.hurry();
        if (byLine && !over) {
            giveUp(why);
        }
    }

    /**
     * Ends it if it is too slow.
     *
     * @return whether that is so
     */
    boolean check(long nowNanos) {
        boolean isOverdue = !over && clock.isOverdue(nowNanos);
        if (isOverdue) {
            giveUp(hurried == null ? TIMED_OUT : hurried);
        }
        return isOverdue;
    }

    private void giveUp(Problem why) {
        givenUp = true;
        taker.broken(why);
    }
}
