package io.tidegate.cli.bench;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Checks for one follower that every update comes once and in order.
 *
 * <p>The order is the server's sequence number, which has to grow; numbers may be left out, since other collections use
 * them too. That nothing is left out of this one shows in the number that each publisher gave to its values.
 */
final class OrderCheck {

    /** Beyond it a follower's missing updates are only counted, and one of them that comes late counts as a duplicate. */
    private static final int MAX_MISSING = 1 << 16;

    private record Missing(int publisher, long number) {}

    private final AtomicLongArray published;
    private final long[] due;
    private final Set<Missing> missing = new HashSet<>(0);
    private long lastSeq;

    private long passed;
    private long received;
    private long outOfOrder;
    private long duplicated;

    /** @param published how many updates each publisher has published */
    OrderCheck(AtomicLongArray published) {
        this.published = published;
        this.due = new long[published.length()];
    }

    /** Updates that came, or that were left out before one that came. */
    long passed() {
        return passed;
    }

    long lost() {
        return passed - received;
    }

    long outOfOrder() {
        return outOfOrder;
    }

    long duplicated() {
        return duplicated;
    }

    /** Takes the next update of this follower. */
    void take(int publisher, long number, long seq) throws BenchFailure {
        if (number == due[publisher] && seq > lastSeq) {
            due[publisher] = number + 1;
            lastSeq = seq;
            passed++;
            received++;
        } else {
            takeUnexpected(publisher, number, seq);
        }
    }

    private void takeUnexpected(int publisher, long number, long seq) throws BenchFailure {
        if (number < 0 || number >= published.get(publisher)) {
            throw new BenchFailure("an update came with number " + number + ", which was never published");
        }
        if (number >= due[publisher]) {
            leaveOut(publisher, number);
            due[publisher] = number + 1;
            passed++;
            received++;
            outOfOrder += seq > lastSeq ? 0 : 1;
        } else if (missing.remove(new Missing(publisher, number))) {
            received++;
            outOfOrder++;
        } else {
            duplicated++;
        }
        lastSeq = Math.max(lastSeq, seq);
    }

    private void leaveOut(int publisher, long number) {
        for (long left = due[publisher]; left < number && missing.size() < MAX_MISSING; left++) {
            missing.add(new Missing(publisher, left));
        }
        passed += number - due[publisher];
    }

    /** Nothing comes any more: what is still due is lost. */
    void end() {
        for (int publisher = 0; publisher < due.length; publisher++) {
            passed += published.get(publisher) - due[publisher];
            due[publisher] = published.get(publisher);
        }
    }
}
