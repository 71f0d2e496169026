package io.tidegate.connection;

import io.tidegate.feed.Wakeup;
import java.util.function.BooleanSupplier;

/** Opens what is spoken on a connection. */
@FunctionalInterface
public interface Opening {

    /**
     * Begins on a connection.
     *
     * @param peer who is at its other end
     * @param wakeup has the dialogue polled
     * @param hasUnread whether the kernel has more from the client than was read; asked with the connection's lock held
     */
    Dialogue<?> open(Peer peer, Wakeup wakeup, BooleanSupplier hasUnread);
}
