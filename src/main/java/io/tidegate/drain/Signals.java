package io.tidegate.drain;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * Turns signals into a drain: the first SIGINT or SIGTERM drains, a second SIGINT forces, a third halts the process. SIGHUP has
 * files read anew.
 *
 * <p>The JVM's own handling runs shutdown hooks and ignores every further signal, so that nobody could force a drain that
 * waits for its deadline. A repeated SIGTERM changes nothing: supervisors repeat it.
 */
public final class Signals {

    /** As after a kill by SIGINT. */
    private static final int HALT_STATUS = 130;

    private static final int INTERRUPTS_BEFORE_HALT = 2;

    private static final Logger log = LoggerFactory.getLogger(Signals.class);

    private final Drainable server;

    /** Interrupts that have not done yet what they are for. */
    private final AtomicInteger unanswered = new AtomicInteger();

    // Guarded by this: each signal has a thread of its own.
    private int interrupts;
    private int drain;

    private Signals(Drainable server) {
        this.server = server;
    }

    /**
     * Handles the signals of this process from now on.
     *
     * @param reload reads files anew, and returns at once; it runs at SIGHUP, which would end the process otherwise
     */
    public static void install(Drainable server, Runnable reload) {
        var signals = new Signals(server);
        handle("TERM", () -> {
            int unused = server.beginDrain("SIGTERM");
        });
        handle("INT", signals::interrupt);
        handle("HUP", reload);
    }

    private static void handle(String name, Runnable action) {
        try {
            Signal.handle(new Signal(name), signal -> action.run());
        } catch (IllegalArgumentException e) {
            log.warn("SIG{} cannot be handled here: {}", name, e.getMessage());
        }
    }

    /** Who insists while what went before has got stuck is not made to wait behind it. */
    private void interrupt() {
        if (unanswered.incrementAndGet() > INTERRUPTS_BEFORE_HALT) {
            Runtime.getRuntime().halt(HALT_STATUS);
        }
        count();
        unanswered.decrementAndGet();
    }

    /** Counts anew for each drain: after one that was cancelled the next SIGINT is the first again. */
    private synchronized void count() {
        int current = server.beginDrain("SIGINT");
        interrupts = current == drain ? interrupts + 1 : 1;
        drain = current;
        if (interrupts == 2) {
            server.force("SIGINT");
        } else if (interrupts > INTERRUPTS_BEFORE_HALT) {
            Runtime.getRuntime().halt(HALT_STATUS); // somebody insists: nothing is waited for
        }
    }
}
