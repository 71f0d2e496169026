package io.tidegate.connection;

import java.util.concurrent.atomic.AtomicLong;

/** How many connections there are and how the others ended; written by the manager, read by anyone. */
public final class ConnectionCounts {

    private final AtomicLong open = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong aborted = new AtomicLong();
    private final AtomicLong resetByPeer = new AtomicLong();

    /** Connections that have not ended. */
    public long open() {
        return open.get();
    }

    /** All of its bytes were sent, and both sides closed. */
    public long completed() {
        return completed.get();
    }

    /** Reset by the server. */
    public long aborted() {
        return aborted.get();
    }

    /** Reset by the client, or the client vanished. */
    public long resetByPeer() {
        return resetByPeer.get();
    }

    /** Connections that have ended, however. */
    public long ended() {
        return completed() + aborted() + resetByPeer();
    }

    void opened() {
        open.incrementAndGet();
    }

    void ended(Ending.Outcome outcome) {
        open.decrementAndGet();
        AtomicLong count =
                switch (outcome) {
                    case COMPLETED -> completed;
                    case ABORTED -> aborted;
                    case RESET_BY_PEER -> resetByPeer;
                };
        count.incrementAndGet();
    }
}
