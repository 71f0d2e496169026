package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import org.jspecify.annotations.Nullable;

/** A change that is taken only if its precondition holds when its turn in the order comes. */
final class ConditionalPublication extends Publication {

    private final Precondition precondition;

    // Set by the commit task before it settles the publication, which makes them visible.
    private @Nullable Refusal verdict;
    private @Nullable Position current;

    ConditionalPublication(Change change, Precondition precondition, Runnable whenSettled) {
        super(change, whenSettled);
        this.precondition = precondition;
    }

    /** Compares the precondition with the position of the document now; null if there is none. */
    boolean check(@Nullable Position found) {
        current = found;
        if (precondition.holds(found)) {
            return true;
        }
        verdict = Refusal.PRECONDITION_FAILED;
        return false;
    }

    /** The store did not tell whether the precondition holds. */
    void checkFailed(boolean lasting) {
        verdict = lasting ? Refusal.STORE_DAMAGED : Refusal.STORE_FAILED;
    }

    @Override
    @Nullable
    Refusal verdict() {
        return verdict;
    }

    @Override
    public @Nullable Position current() {
        return refusal() == Refusal.STORE_FAILED || refusal() == Refusal.STORE_DAMAGED ? null : current;
    }
}
