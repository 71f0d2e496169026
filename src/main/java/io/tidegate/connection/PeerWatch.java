package io.tidegate.connection;

import io.tidegate.kernel.KernelView;
import java.time.Duration;

/**
 * Judges from what the kernel tells, look by look, whether a peer is still there, and whether it has got everything.
 *
 * <p>Whatever is written to a client goes into the kernel's buffer, so nothing but the kernel notices that nobody confirms it
 * any more; by itself it goes on sending for a quarter of an hour. A peer that is there and does not read confirms what
 * it is sent all the same, and is not meant. Not thread-safe.
 */
final class PeerWatch {

    private final long timeoutNanos;
    private final long lingerMillis;

    /** The peer's kernel had confirmed everything when so much was written. */
    private long confirmedBytes;

    private boolean unanswered;

    /** Since when, if it is unanswered. */
    private long unansweredNanos;

    /**
     * A watch over one peer.
     *
     * @param timeout after so long without an answer to what it was sent a peer is gone
     * @param linger for so long a peer that has everything may still close its side, or say something
     */
    PeerWatch(Duration timeout, Duration linger) {
        timeoutNanos = timeout.toNanos();
        lingerMillis = linger.toMillis();
    }

    /**
     * Whether there is anything to look for: nothing is owed by a peer that had confirmed all that was written.
     *
     * @param written bytes that were given to the kernel so far
     */
    boolean isDue(long written) {
        return written != confirmedBytes;
    }

    /** Whether the peer is gone. Where an answer came between two looks that both find none, it counts from there. */
    boolean isGone(KernelView view, long written, long nowNanos) {
        if (view.isConfirmed()) {
            confirmedBytes = written;
        }
        if (!view.isUnanswered()) {
            unanswered = false;
            return false;
        }
        long answeredNanos =
                nowNanos - Duration.ofMillis(view.millisSinceConfirmed()).toNanos();
        if (!unanswered || answeredNanos - unansweredNanos > 0) {
            unansweredNanos = unanswered ? answeredNanos : nowNanos;
            unanswered = true;
        }
        return nowNanos - unansweredNanos >= timeoutNanos;
    }

    /**
     * Whether nothing can be lost any more: the peer's kernel has everything, our FIN included, for a while, and nothing has come
     * meanwhile that was not read.
     *
     * @param read bytes of the peer that were read
     */
    boolean isDelivered(KernelView view, long read) {
        return view.isFinConfirmed() && isAtRest(view, read);
    }

    /** The same of everything that was written, before our FIN. */
    boolean isSettled(KernelView view, long read) {
        return view.isConfirmed() && isAtRest(view, read);
    }

    private boolean isAtRest(KernelView view, long read) {
        return view.millisSinceConfirmed() >= lingerMillis
                && view.millisSinceReceived() >= lingerMillis
                && view.bytesReceived() <= read;
    }
}
