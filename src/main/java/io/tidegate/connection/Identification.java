package io.tidegate.connection;

import io.tidegate.access.Attempt;
import io.tidegate.access.Identity;
import io.tidegate.access.Pass;
import io.tidegate.document.Selection;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Transport;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Events;
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How one client shows who it is, once or again: an attempt at a time, each in the order of its requests. Guarded by the
 * connection's lock.
 */
final class Identification {

    static final String TOO_LATE =
            "nobody has shown an identity in time: connect again, and send auth and your token first";

    private static final String INVALID = "nobody is known by that token: get another one";
    private static final String OTHER_RIGHTS =
            "that identity may not read what this connection follows, and the one before"
                    + " stays: connect anew, or unwatch what it may not read";

    /** Those whose right ends together, by one change of what is known, do not come back all at once. */
    private static final long LONGEST_SLOT_MILLIS = 5_000;

    private final Pass pass;
    private final IdentityLimits limits;
    private final Transport transport;
    private final Wakeup wakeup;
    private final long since;

    private @Nullable CompletableFuture<Attempt> attempt;
    private int failures;

    /** Gives the place back that the identity has for this connection; null if there was none. */
    private @Nullable Runnable place;

    /** Whose place that is. */
    private String placed;

    /** @param sinceNanos when the client came */
    Identification(Pass pass, IdentityLimits limits, Transport transport, Wakeup wakeup, long sinceNanos) {
        this.pass = pass;
        this.limits = limits;
        this.transport = transport;
        this.wakeup = wakeup;
        since = sinceNanos;
        placed = pass.identity().name();
        place = pass.takePlace(pass.identity()).orElse(null);
    }

    /** Whether its identity may have this connection. */
    boolean hasPlace() {
        return place != null;
    }

    void begin(String token) {
        CompletableFuture<Attempt> begun = pass.show(token, transport.code()).toCompletableFuture();
        attempt = begun;
        if (!begun.isDone()) {
            var unused = begun.whenComplete((outcome, failure) -> wakeup.signal());
        }
    }

    /** Whether an attempt is not answered yet. */
    boolean isBusy() {
        return attempt != null;
    }

    /** Its outcome is not waited for any more. */
    void drop() {
        attempt = null;
    }

    /**
     * Answers the attempt if its outcome is there.
     *
     * @param followed what the client follows
     * @return whether the client has to go, which it was told
     */
    boolean answer(Words words, Collection<Selection> followed) {
        CompletableFuture<Attempt> begun = attempt;
        if (begun == null || !begun.isDone()) {
            return false;
        }
        attempt = null;
        Attempt outcome = begun.isCompletedExceptionally() ? new Attempt.Failed() : begun.join();
        if (outcome instanceof Attempt.Succeeded succeeded) {
            take(succeeded.identity(), words, followed);
            return false;
        }
        failures++;
        boolean isRefused = outcome instanceof Attempt.Refused;
        words.error(
                isRefused ? ErrorCode.TOO_MANY_FAILURES : ErrorCode.UNAUTHENTICATED,
                isRefused ? ErrorCode.NOBODYS : INVALID);
        return isRefused || failures >= limits.attempts();
    }

    private void take(Identity identity, Words words, Collection<Selection> followed) {
        Runnable next = identity.name().equals(placed) && place != null
                ? place
                : pass.takePlace(identity).orElse(null);
        if (next == null) {
            words.error(ErrorCode.TOO_MANY_CONNECTIONS, ErrorCode.OF_IDENTITY);
            return;
        }
        if (!pass.renew(identity, followed)) {
            if (next != place) {
                next.run();
            }
            words.error(ErrorCode.RIGHTS_CHANGED, OTHER_RIGHTS);
            return;
        }
        if (next != place) {
            leave();
        }
        place = next;
        placed = identity.name();
        failures = 0;
        Events.authenticated(
                identity.name(),
                identity.rights().read(),
                identity.rights().write(),
                identity.rights().admin(),
                pass.left().map(Duration::toMillis).map(OptionalLong::of).orElseGet(OptionalLong::empty),
                words.lines());
    }

    /** The connection is over. */
    void leave() {
        Runnable taken = place;
        place = null;
        if (taken != null) {
            taken.run();
        }
    }

    /**
     * How it stands with the right to be here.
     *
     * @param followed what the client follows, asked for only if it matters
     * @param words take the notice of its end; null if the client cannot show another identity
     * @return the last word, if that has ended
     */
    @Nullable
    Goodbye check(Supplier<? extends Collection<Selection>> followed, @Nullable Words words) {
        return switch (pass.check(followed, limits.expiryNotice())) {
            case GOOD -> null;
            case EXPIRING -> {
                if (words != null) {
                    Events.expiring(pass.left().map(Duration::toMillis).orElse(0L), words.lines());
                    wakeup.signal();
                }
                yield null;
            }
            case EXPIRED -> goodbye(CloseReason.EXPIRED);
            case REVOKED -> goodbye(CloseReason.REVOKED);
        };
    }

    private static Goodbye goodbye(CloseReason why) {
        long slotMillis = ThreadLocalRandom.current().nextLong(1, LONGEST_SLOT_MILLIS);
        return new Goodbye(why, Duration.ofMillis(slotMillis));
    }

    /** Whether the client has been nobody for too long, where that is not enough. */
    boolean isOverdue(long nowNanos) {
        return pass.isForNothing() && Deadline.hasPassed(since, limits.timeout(), nowNanos);
    }
}
