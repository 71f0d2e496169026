package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Goodbye;
import io.tidegate.wire.Decoder;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What has to be settled on a connection before anything is spoken on it: within a time, and of which a drain that comes meanwhile
 * leaves only what has begun.
 */
abstract class Preamble implements Dialogue<ByteString> {

    /** In a drain, who has begun gets so much time to come to where goodbye can be said. */
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(2);

    /** What comes, as it comes. */
    private static final class Pieces implements Decoder<ByteString, ByteString> {
        private @Nullable ByteString piece;

        @Override
        public void take(ByteString chunk) {
            piece = chunk;
        }

        @Override
        public @Nullable ByteString next() {
            ByteString next = piece;
            piece = null;
            return next;
        }
    }

    private final Duration timeout;
    private final Wakeup wakeup;
    private final BooleanSupplier hasUnread;
    private final LongSupplier nanoClock;
    private final Pieces pieces = new Pieces();

    /** What came and was not taken. */
    private ByteString came = ByteString.emptyByteString();

    private ByteString toSay = ByteString.emptyByteString();
    private boolean hasBegun;

    /** When the client's time began. */
    private long since;

    private boolean isSettled;

    /** Nothing comes of it. */
    private boolean isOff;

    private boolean isTold;
    private boolean finished;
    private CloseReason endReason;

    /**
     * One that begins.
     *
     * @param timeout the client's time for it
     * @param failure why the connection ends if it does not come to terms
     */
    Preamble(Duration timeout, CloseReason failure, Wakeup wakeup, BooleanSupplier hasUnread, LongSupplier nanoClock) {
        this.timeout = timeout;
        this.endReason = failure;
        this.wakeup = wakeup;
        this.hasUnread = hasUnread;
        this.nanoClock = nanoClock;
        since = nanoClock.getAsLong();
    }

    // ---- for those who extend it

    /** Looks at what came, all of it that was not taken. */
    abstract void look();

    /** Whether it works on what came; only then is there nothing to wait for. */
    boolean isWorking() {
        return false;
    }

    ByteString came() {
        return came;
    }

    void keep(ByteString rest) {
        came = rest;
    }

    void say(ByteString bytes) {
        toSay = toSay.concat(bytes);
    }

    void settle() {
        isSettled = true;
    }

    boolean isSettled() {
        return isSettled;
    }

    void giveUp() {
        isOff = true;
    }

    /** The client is told by that, whatever was to be said. */
    void refuse(ByteString word) {
        toSay = word;
        endReason = CloseReason.REFUSED;
        isOff = true;
    }

    /** What went by was not the client's time. */
    void excuse(long nanos) {
        since += nanos;
    }

    boolean isOver() {
        return isSettled || isOff || finished;
    }

    Wakeup wakeup() {
        return wakeup;
    }

    long now() {
        return nanoClock.getAsLong();
    }

    // ---- input

    @Override
    public Decoder<ByteString, ByteString> decoder() {
        return pieces;
    }

    @Override
    public boolean wantsInput() {
        return !isWorking() && !isOver();
    }

    @Override
    public boolean take(ByteString input) {
        hasBegun = true;
        came = came.concat(input);
        look();
        return true;
    }

    @Override
    public void inputEnded() {
        if (!isSettled) {
            endReason = hasBegun ? endReason : CloseReason.QUIT;
            isOff = true;
        }
    }

    // ---- output

    @Override
    public @Nullable EventLines poll() {
        wakeup.reset();
        look();
        if (!toSay.isEmpty()) {
            ByteString said = toSay;
            toSay = ByteString.emptyByteString();
            return EventLines.withoutUpdates(said);
        }
        if (isTold && !hasBegun && !hasUnread.getAsBoolean()) {
            isOff = true;
        }
        // Who is polled knows that the kernel has all that was said.
        finished = isOver();
        return null;
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    // ---- from outside

    @Override
    public void shutdown(Goodbye last) {
        if (!isTold) {
            isTold = true;
            since = nanoClock.getAsLong();
        }
        wakeup.signal();
    }

    @Override
    public void check(long nowNanos) {
        Duration patience = isTold ? DRAIN_PATIENCE : timeout;
        if (!isOver() && !isWorking() && Deadline.hasPassed(since, patience, nowNanos)) {
            isOff = true;
            wakeup.signal();
        }
    }

    @Override
    public long idleSince() {
        return hasBegun ? 0 : since;
    }

    @Override
    public void heartbeat() {
        // Nobody follows anything yet.
    }

    @Override
    public CloseReason endReason() {
        return endReason;
    }

    @Override
    public void close() {
        isOff = true;
        finished = true;
        came = ByteString.emptyByteString();
    }
}
