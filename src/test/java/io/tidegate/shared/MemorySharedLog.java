package io.tidegate.shared;

import io.tidegate.shared.SharedLogException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory that loses, doubles and delays what a test tells it to, and can be away, cut back or made anew. Used by one thread.
 *
 * <pre>
 *  client.append ─► on its way ─► arrive ─► entries ─► poll, by every client
 *                      │ lose, or arrive late, when the client has renewed itself long ago
 * </pre>
 */
public final class MemorySharedLog {

    private final List<SharedLog.Entry> entries = new ArrayList<>();
    private String identity = "log-1";
    private int term;
    private long end;
    private long millis = 1_000_000;
    private boolean isAway;

    /** From now on nobody can reach it, or everybody can again. */
    void setAway(boolean away) {
        isAway = away;
    }

    /** Offsets that are given to nobody. */
    void leaveHole(int offsets) {
        end += offsets;
    }

    void letTimePass(Duration time) {
        millis += time.toMillis();
    }

    long end() {
        return end;
    }

    /** Its newest entries are lost, and somebody else decides from now on. */
    public void cut(int count) {
        for (int i = 0; i < count && !entries.isEmpty(); i++) {
            end = entries.remove(entries.size() - 1).offset();
        }
        term++;
    }

    /** Deletes it, and makes another one of the same name. */
    public void recreate() {
        entries.clear();
        end = 0;
        identity = "log-" + (Integer.parseInt(identity.substring(4)) + 1);
    }

    void trimTo(long before) {
        entries.removeIf(entry -> entry.offset() < before);
    }

    private long lastEnd() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).offset() + 1;
    }

    /** What anybody may have written to it. */
    void add(byte[] bytes) {
        entries.add(new SharedLog.Entry(end++, term, millis++, bytes));
    }

    /** One node's way to it. */
    public class Client implements SharedLog {

        private final String identityAtStart = identity;
        private final ArrayDeque<byte[]> onItsWay = new ArrayDeque<>();
        private final ArrayDeque<byte[]> late = new ArrayDeque<>();
        /** Of what is on its way, that of which no loss is told. */
        private final Set<byte[]> mentioned = Collections.newSetFromMap(new IdentityHashMap<>());

        private @Nullable String failure;
        private long next;
        private boolean isFrozen;

        int onItsWay() {
            return onItsWay.size();
        }

        /** Whether this client has been given everything. */
        boolean isAtEnd() {
            return next >= lastEnd();
        }

        int late() {
            return late.size();
        }

        /** The oldest that is on its way is in the log. */
        public void arrive() {
            add(onItsWay.remove());
        }

        /** It is in the log, but not as it was sent. */
        void arriveDamaged(UnaryOperator<byte[]> damage) {
            add(damage.apply(onItsWay.remove()));
        }

        /** The same, and its node is not told; it may come again. */
        void arriveTwice() {
            add(onItsWay.element());
            add(onItsWay.remove());
        }

        /** What came before the last renewal, or what was to be lost. */
        void arriveLate() {
            add(late.remove());
        }

        /** The oldest that is on its way is lost; or comes much later. */
        void lose(boolean comesLate) {
            byte[] lost = onItsWay.remove();
            if (comesLate) {
                late.add(lost);
            }
            if (!mentioned.contains(lost)) {
                failure = "it did not answer in time";
            }
        }

        /** The node is not reached, and reaches nothing. */
        void setFrozen(boolean frozen) {
            isFrozen = frozen;
        }

        private void requireThere() throws SharedLogException {
            if (isAway || isFrozen) {
                throw new SharedLogException(Kind.UNAVAILABLE, "nobody answers");
            }
        }

        @Override
        public String identity() {
            return identityAtStart;
        }

        @Override
        public int maxEntryBytes() {
            return 4096;
        }

        @Override
        public String entryLimit() {
            return "the test";
        }

        @Override
        public void append(byte[] bytes) throws SharedLogException {
            requireThere();
            onItsWay.add(bytes);
        }

        @Override
        public void mention(byte[] bytes) throws SharedLogException {
            append(bytes);
            mentioned.add(bytes);
        }

        @Override
        public @Nullable String failure() {
            return failure;
        }

        @Override
        public void renew() throws SharedLogException {
            requireThere();
            failure = null;
            late.addAll(onItsWay);
            onItsWay.clear();
        }

        @Override
        public void seek(Place place) throws SharedLogException {
            requireThere();
            requireSame(place);
            next = place.next();
        }

        private void requireSame(Place place) throws SharedLogException {
            Entry before = entries.stream()
                    .filter(entry -> entry.offset() < place.next())
                    .reduce((one, other) -> other)
                    .orElse(null);
            if (!identity.equals(identityAtStart)
                    || place.next() > end
                    || (before != null
                            && place.term() >= 0
                            && before.term() != place.term()
                            && before.offset() == place.next() - 1)) {
                throw new SharedLogException(Kind.DIVERGED, "entries that were read are missing");
            }
            if (before == null
                    && place.next() < (entries.isEmpty() ? end : entries.get(0).offset())
                    && isTrimmed()) {
                throw new SharedLogException(Kind.TRIMMED, "it begins later");
            }
        }

        private boolean isTrimmed() {
            return !entries.isEmpty() && entries.get(0).offset() > 100;
        }

        @Override
        public List<Entry> poll(Duration patience) throws SharedLogException {
            requireThere();
            if (next > end || !identity.equals(identityAtStart)) {
                throw new SharedLogException(Kind.DIVERGED, "entries that were read are missing");
            }
            List<Entry> found = entries.stream()
                    .filter(entry -> entry.offset() >= next)
                    .limit(7)
                    .toList();
            if (!found.isEmpty()) {
                next = found.get(found.size() - 1).offset() + 1;
            }
            return found;
        }

        @Override
        public CompletionStage<Long> end() {
            return isAway || isFrozen
                    ? CompletableFuture.failedFuture(new SharedLogException(Kind.UNAVAILABLE, "nobody answers"))
                    : CompletableFuture.completedFuture(lastEnd());
        }

        @Override
        public CompletionStage<Long> start() {
            return CompletableFuture.completedFuture(
                    entries.isEmpty() ? end : entries.get(0).offset());
        }

        @Override
        public CompletionStage<Long> offsetAt(long at) {
            return CompletableFuture.completedFuture(entries.stream()
                    .filter(entry -> entry.atMillis() >= at)
                    .mapToLong(Entry::offset)
                    .findFirst()
                    .orElseGet(MemorySharedLog.this::lastEnd));
        }

        @Override
        public CompletionStage<Void> trim(long before) {
            trimTo(before);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {
            onItsWay.clear();
        }
    }
}
