package io.tidegate.connection;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps an eye on a client that says nothing: asks it for a word, and gives it up. */
final class LifeSign {

    /** What is to be done about a silent client. */
    enum Due {
        NOTHING,
        ASK,
        GIVE_UP
    }

    private final Dialect.@Nullable Liveness liveness;
    private final LongSupplier nanoClock;
    private long heardAt;

    /** 0 if it was not asked. */
    private long askedAt;

    /** @param liveness null if the transport has no means to ask */
    LifeSign(Dialect.@Nullable Liveness liveness, LongSupplier nanoClock) {
        this.liveness = liveness;
        this.nanoClock = nanoClock;
        heardAt = nanoClock.getAsLong();
    }

    /** Something came, whatever it is. */
    void heard() {
        if (liveness != null) {
            heardAt = nanoClock.getAsLong();
            askedAt = 0;
        }
    }

    /** Only the silence of a client that is listened to says anything. */
    Due check(long nowNanos) {
        if (liveness == null) {
            return Due.NOTHING;
        }
        if (askedAt != 0) {
            return nowNanos - askedAt >= liveness.timeout().toNanos() ? Due.GIVE_UP : Due.NOTHING;
        }
        if (nowNanos - heardAt < liveness.interval().toNanos()) {
            return Due.NOTHING;
        }
        askedAt = nowNanos;
        return Due.ASK;
    }
}
