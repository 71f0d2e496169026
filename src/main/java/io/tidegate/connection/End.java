package io.tidegate.connection;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Sent;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection's end, and what is told of it: of the causes of an orderly end the first counts, an operator's
 * close goes before them, and a reset before all. Guarded by the connection's lock.
 */
final class End {

    private @Nullable CloseReason expected;
    private @Nullable CloseReason reason;
    private @Nullable CloseReason abortedFor;

    private boolean inputEnded;
    private boolean peerEnded;

    /** When the client closed its side it had taken all that had been written. */
    private boolean peerWasServed;

    /** It had said that it hears nothing more either, and was owed something. */
    private boolean peerLeft;

    private boolean peerFailed;
    private boolean finished;
    private boolean letGo;

    /** Why it ends if it ends in good order from now on. */
    void expect(CloseReason why) {
        expected = expected == null ? why : expected;
    }

    /** Everything was said. */
    void spoken(CloseReason byDialogue) {
        if (reason == null) {
            reason = expected == null ? orPeer(byDialogue) : expected;
        }
    }

    private CloseReason orPeer(CloseReason byDialogue) {
        return byDialogue == CloseReason.QUIT && inputEnded ? CloseReason.PEER_CLOSED : byDialogue;
    }

    /** What was not with the kernel is dropped. */
    void closed(CloseReason why) {
        if (!finished) {
            reason = why;
        }
    }

    void finished() {
        finished = true;
    }

    void aborted(CloseReason why) {
        abortedFor = why;
    }

    /** The client says no more. */
    void inputEnded() {
        inputEnded = true;
    }

    /** @param wasServed whether the client has taken all that was written */
    void peerEnded(boolean wasServed) {
        inputEnded = true;
        peerEnded = true;
        peerWasServed = wasServed;
    }

    /** Nobody can tell what the client says, or it does not want what it is owed, which cannot end in good order. */
    void broken(CloseReason why) {
        closed(why);
        peerLeft |= why == CloseReason.PEER_CLOSED;
    }

    boolean hasPeerEnded() {
        return peerEnded;
    }

    void peerFailed() {
        peerFailed = true;
    }

    /**
     * Its client has everything, and is not waited for.
     *
     * @return whether that is an end: only after the FIN, and before the client's
     */
    boolean letGo() {
        letGo = finished && !peerEnded;
        return letGo;
    }

    /** @param byDialogue why what was spoken on it ended, if it ended by itself */
    Ending ending(CloseReason byDialogue, long bytesReceived, Sent sent) {
        Ending.Outcome outcome = outcome();
        return new Ending(outcome, reason(outcome, byDialogue), bytesReceived, sent);
    }

    private Ending.Outcome outcome() {
        if (finished && (peerEnded || letGo) && abortedFor == null && !peerLeft) {
            return Ending.Outcome.COMPLETED;
        }
        if (!peerFailed && !peerLeft) {
            return Ending.Outcome.ABORTED;
        }
        // A system answers what comes for a closed socket by a reset: after a FIN that is no news.
        return peerWasServed ? Ending.Outcome.LEFT : Ending.Outcome.RESET_BY_PEER;
    }

    private CloseReason reason(Ending.Outcome outcome, CloseReason byDialogue) {
        return switch (outcome) {
            case COMPLETED -> reason == null ? orPeer(byDialogue) : reason;
            case RESET_BY_PEER -> CloseReason.PEER_RESET;
            case LEFT -> orPeer(byDialogue);
            case ABORTED -> abortedFor == null ? CloseReason.ABORTED : abortedFor;
        };
    }
}
