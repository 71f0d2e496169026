package io.tidegate.journey;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What all clients of a journey know of the feed, update by update. They must agree: on each sequence number there is one
 * content, whoever saw it, over whichever connection, in whichever life of the server.
 */
final class History {

    /** The content of each update by its sequence number; null where nobody saw it yet. */
    private final List<String> contents = new ArrayList<>();

    private final BitSet acknowledged = new BitSet();
    private final Set<String> neverTaken = new HashSet<>();
    private String epoch;

    /** A follower was sent an update. */
    synchronized void seen(long seq, String content, String witness) {
        while (contents.size() <= seq) {
            contents.add(null);
        }
        String known = contents.get((int) seq);
        if (known == null) {
            contents.set((int) seq, content);
            notifyAll();
        } else if (!known.equals(content)) {
            throw new AssertionError("update " + seq + " is to " + witness + " " + content + ", to others " + known);
        }
    }

    /** A publisher was told that its change is update {@code seq}. */
    synchronized void acknowledged(long seq, String content, String publisher) {
        seen(seq, content, publisher);
        if (acknowledged.get((int) seq)) {
            throw new AssertionError("update " + seq + " was acknowledged twice, now to " + publisher);
        }
        acknowledged.set((int) seq);
        notifyAll();
    }

    /** A publisher was refused this change, or the server said goodbye without having read it. */
    synchronized void neverTaken(String content) {
        neverTaken.add(content);
    }

    /** A client was told the epoch of the server that it is connected to. */
    synchronized void epoch(String seen) {
        epoch = seen;
    }

    /** Of one of the servers that there were. */
    synchronized String epoch() {
        return epoch;
    }

    synchronized long acknowledgements() {
        return acknowledged.cardinality();
    }

    /** The highest sequence number that anybody saw. */
    synchronized long head() {
        return Math.max(0, contents.size() - 1);
    }

    /** Waits until that many changes have been acknowledged altogether. */
    synchronized void awaitAcknowledgements(long count) throws InterruptedException {
        long giveUpAt = System.nanoTime() + Background.PATIENCE.toNanos();
        while (acknowledged.cardinality() < count) {
            long left = (giveUpAt - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(
                        "waited in vain for acknowledgement " + count + ", there are " + acknowledged.cardinality());
            }
            wait(left);
        }
    }

    /** Checks that the feed up to its final position is whole, and that nothing is in it that must not be. */
    synchronized void verify(long finalSeq) {
        if (head() > finalSeq) {
            throw new AssertionError("somebody saw update " + head() + ", but the feed ends at " + finalSeq);
        }
        var distinct = new HashSet<String>();
        for (int seq = 1; seq <= finalSeq; seq++) {
            String content = seq < contents.size() ? contents.get(seq) : null;
            if (content == null) {
                throw new AssertionError("nobody saw update " + seq + " of " + finalSeq);
            }
            if (!distinct.add(content)) {
                throw new AssertionError("update " + seq + " was there before: " + content);
            }
            if (neverTaken.contains(content)) {
                throw new AssertionError("update " + seq + " had been refused: " + content);
            }
        }
    }

    /** The documents of these collections as they are after an update, content by subject; no names mean all. */
    synchronized Map<String, String> stateAt(long seq, Set<String> collections) {
        var state = new HashMap<String, String>();
        for (int i = 1; i <= seq; i++) {
            String content = contents.get(i);
            if (!isIn(content, collections)) {
                continue;
            }
            if (EventLine.isDelete(content)) {
                state.remove(EventLine.subject(content));
            } else {
                state.put(EventLine.subject(content), content);
            }
        }
        return state;
    }

    /** How many updates of these collections there are after one and up to another. */
    synchronized long count(long after, long upTo, Set<String> collections) {
        long count = 0;
        for (int seq = (int) after + 1; seq <= upTo; seq++) {
            count += isIn(contents.get(seq), collections) ? 1 : 0;
        }
        return count;
    }

    static boolean isIn(String content, Set<String> collections) {
        int from = "\"collection\":\"".length();
        return collections.isEmpty() || collections.contains(content.substring(from, content.indexOf('"', from)));
    }
}
