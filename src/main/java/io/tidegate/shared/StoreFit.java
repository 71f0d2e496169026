package io.tidegate.shared;

import io.tidegate.document.Position;
import io.tidegate.document.Reason;
import io.tidegate.feed.Epochs;
import io.tidegate.feed.OrderState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Whether a store and a shared log fit each other, before the one is served by the other; and what helps where they do not. */
public final class StoreFit {

    private static final Duration POLL = Duration.ofMillis(100);

    /** So long nothing may come of what there is, or so long it is looked who has told of itself. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** A node that did not tell of itself for so many intervals is gone. */
    private static final int MISSED = 3;

    private StoreFit() {}

    /** The name of the epoch of a log's feed, the same on all nodes. */
    public static String epoch(SharedLog log) {
        return Memory.epoch(log.identity());
    }

    /**
     * Looks whether a store can go on by a log.
     *
     * @throws SharedLogException if it cannot, with what to do
     */
    public static void require(SharedLog log, OrderState state) throws SharedLogException {
        Memory memory = Memory.of(state).orElse(null);
        if (memory != null && memory.base() + memory.place().next() < state.offset()) {
            throw new SharedLogException(
                    SharedLogException.Kind.DIVERGED,
                    "the store contradicts itself on how far it has read the shared log: move it away, and the node reads the log"
                            + " anew");
        }
        if (memory != null && !memory.identity().equals(log.identity())) {
            throw new SharedLogException(
                    SharedLogException.Kind.DIVERGED,
                    "the store is of another shared log, and its updates are not in this one: move it away, and the node reads the"
                            + " log anew");
        }
    }

    /**
     * Looks whether a log still has the place up to which a store has read it. For who does not read the log meanwhile; blocks.
     *
     * @param state of a store that {@linkplain #require fits}
     * @throws SharedLogException if it has not, trimmed or diverged
     */
    public static void requireThere(SharedLog log, OrderState state) throws SharedLogException {
        Memory memory = Memory.of(state).orElse(null);
        if (memory == null && !extent(log).isWhole()) {
            throw new SharedLogException(
                    SharedLogException.Kind.TRIMMED,
                    "the log does not tell all that came before, and the store has nothing");
        }
        log.seek(memory == null ? SharedLog.Place.START : memory.place());
    }

    /**
     * How much a log has.
     *
     * @param isWhole whether it has all since the feed began
     * @param entries about how many
     */
    public record Extent(boolean isWhole, long entries) {}

    /** Looks how much a log has. Blocks. */
    public static Extent extent(SharedLog log) throws SharedLogException {
        long start = await(log.start());
        long end = await(log.end());
        return new Extent(start == 0 && (end == 0 || !beginsElsewhere(log, end)), end - start);
    }

    private static boolean beginsElsewhere(SharedLog log, long end) throws SharedLogException {
        var first = new ArrayList<SharedLog.Entry>(1);
        read(log, SharedLog.Place.START, end, entry -> {
            first.add(entry);
            return false;
        });
        return !first.isEmpty() && isOrigin(first.get(0), Memory.feed(log.identity()));
    }

    private interface Visitor {
        /** Whether it wants more. */
        boolean visit(SharedLog.Entry entry) throws SharedLogException;
    }

    /**
     * Reads what there is between two places.
     *
     * @throws SharedLogException if the log does not give it, though it says that it is there
     */
    private static void read(SharedLog log, SharedLog.Place from, long end, Visitor visitor) throws SharedLogException {
        log.seek(from);
        long next = from.next();
        long heardAt = System.nanoTime();
        while (next < end) {
            List<SharedLog.Entry> entries = log.poll(POLL);
            if (!entries.isEmpty()) {
                heardAt = System.nanoTime();
                next = entries.get(entries.size() - 1).offset() + 1;
            } else if (System.nanoTime() - heardAt > LOOK.toNanos()) {
                throw new SharedLogException(
                        SharedLogException.Kind.UNAVAILABLE, "the log does not give what it has up to offset " + end);
            }
            for (SharedLog.Entry entry : entries) {
                if (entry.offset() >= end || !visitor.visit(entry)) {
                    return;
                }
            }
        }
    }

    private static boolean isOrigin(SharedLog.Entry entry, long feed) {
        try {
            Header header = Header.read(ByteBuffer.wrap(entry.bytes()));
            return header.kind() == Header.Kind.ORIGIN && header.feed() == feed;
        } catch (Header.UnknownRecordException e) {
            // Who reads the log says so.
            return false;
        }
    }

    /**
     * The admin listeners of nodes that have told of themselves in a log of late, the newest first; for who does not read the log
     * meanwhile. Blocks, for some seconds where much was written.
     *
     * @param interval how often each tells of itself
     */
    public static List<String> announced(SharedLog log, Duration interval) throws SharedLogException {
        long end = await(log.end());
        long from = await(log.offsetAt(System.currentTimeMillis() - MISSED * interval.toMillis()));
        long feed = Memory.feed(log.identity());
        var admins = new LinkedHashMap<String, String>();
        long giveUpAt = System.nanoTime() + LOOK.toNanos();
        read(log, new SharedLog.Place(from, -1), end, entry -> {
            hear(entry, feed, admins);
            return System.nanoTime() - giveUpAt < 0;
        });
        List<String> newestFirst = new ArrayList<>(admins.values());
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    /** @param admins by the names of their nodes */
    private static void hear(SharedLog.Entry entry, long feed, Map<String, String> admins) {
        if (!Header.isRecord(entry.bytes())) {
            return;
        }
        try {
            ByteBuffer body = ByteBuffer.wrap(entry.bytes());
            Header header = Header.read(body);
            if (header.kind() == Header.Kind.NODE && header.feed() == feed) {
                Node node = Records.readNode(body);
                admins.remove(node.name());
                if (node.admin() != null && !node.isLeaving()) {
                    admins.put(node.name(), node.admin());
                }
            }
        } catch (Header.UnknownRecordException e) {
            // Who reads the log says so.
        }
    }

    /**
     * Begins an epoch of the feed of a log, for a node that has read what is not in the log any more: from there on nobody's position is
     * taken for one that somebody else has. For who does not read the log meanwhile; blocks.
     *
     * @param patience how long it waits until the log has it
     * @return its name
     * @throws SharedLogException if it is not known whether the log has it
     */
    public static String beginEpoch(SharedLog log, Duration patience) throws SharedLogException {
        String name = Epochs.newName();
        append(log, Records.epoch(header(log, Header.Kind.EPOCH), name), patience);
        return name;
    }

    /**
     * Makes a log that has nothing yet that of a feed which had a store of its own so far. For who does not read the log meanwhile; blocks.
     *
     * @param head how far the feed had come
     * @param state how the order of the feed had gone on
     * @return how it goes on by the log
     * @throws SharedLogException if the log has anything, or it is not known whether it has taken this
     */
    public static OrderState moveTo(SharedLog log, Position head, OrderState state, Duration patience)
            throws SharedLogException {
        long end = await(log.end());
        if (end != 0) {
            throw used();
        }
        SharedLog.Entry origin = append(log, Records.origin(header(log, Header.Kind.ORIGIN), head), patience);
        if (origin.offset() != end) {
            // Somebody was faster, and takes no notice of it.
            throw used();
        }
        return new Memory(log.identity(), state.offset(), origin.after(), new Lives()).state();
    }

    private static SharedLogException used() {
        return new SharedLogException(
                SharedLogException.Kind.UNUSABLE, "the log has entries already: name one that has none");
    }

    /**
     * Ends the feed of a log, which goes on in the store that is named. For who does not read the log meanwhile; blocks.
     *
     * @param state of a store that has read all that counts
     * @throws SharedLogException if it has not, or it is not known whether the log has taken the end
     */
    public static void moveFrom(SharedLog log, OrderState state, Duration patience) throws SharedLogException {
        Memory memory = Memory.of(state).orElseGet(() -> Memory.none(log.identity()));
        long end = await(log.end());
        requireAllRead(log, memory, end, "let the node read it, stop all nodes, and try again");
        SharedLog.Entry moved = append(log, Records.moved(header(log, Header.Kind.MOVED)), patience);
        requireAllRead(log, memory, moved.offset(), "another node took changes meanwhile, so move its store instead");
    }

    private static void requireAllRead(SharedLog log, Memory memory, long end, String otherwise)
            throws SharedLogException {
        long feed = Memory.feed(log.identity());
        var lives = memory.lives().copy();
        read(log, memory.place(), end, entry -> {
            if (isUnread(entry, feed, lives)) {
                throw new SharedLogException(
                        SharedLogException.Kind.UNUSABLE,
                        "the log has changes that the store does not have: " + otherwise);
            }
            return true;
        });
    }

    /** By the rule by which nodes decide. */
    private static boolean isUnread(SharedLog.Entry entry, long feed, Lives lives) throws SharedLogException {
        if (!Header.isRecord(entry.bytes())) {
            return false;
        }
        try {
            ByteBuffer body = ByteBuffer.wrap(entry.bytes());
            Header header = Header.read(body);
            boolean isOfALife = header.kind() == Header.Kind.GROUP || header.kind() == Header.Kind.FENCE;
            boolean counts = header.feed() == feed && isOfALife && lives.admit(header, entry.atMillis());
            if (counts && header.kind() == Header.Kind.FENCE) {
                lives.end(Records.readFence(body));
            }
            return counts && header.kind() == Header.Kind.GROUP;
        } catch (Header.UnknownRecordException e) {
            throw new SharedLogException(
                    SharedLogException.Kind.UNUSABLE,
                    "a record of the log cannot be understood: upgrade this program",
                    e);
        }
    }

    private static Header header(SharedLog log, Header.Kind kind) {
        return new Header(kind, Memory.feed(log.identity()), Life.begin(), 0);
    }

    /** Appends, and waits until it is there. */
    private static SharedLog.Entry append(SharedLog log, byte[] record, Duration patience) throws SharedLogException {
        log.seek(new SharedLog.Place(await(log.end()), -1));
        log.append(record);
        long giveUpAt = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - giveUpAt < 0) {
            for (SharedLog.Entry entry : log.poll(POLL)) {
                if (Arrays.equals(entry.bytes(), record)) {
                    return entry;
                }
            }
        }
        throw new SharedLogException(SharedLogException.Kind.UNAVAILABLE, "it did not take a record in time");
    }

    private static <T> T await(CompletionStage<T> answer) throws SharedLogException {
        try {
            return answer.toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SharedLogException failure) {
                throw failure;
            }
            throw new SharedLogException(SharedLogException.Kind.UNAVAILABLE, Reason.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SharedLogException(SharedLogException.Kind.UNAVAILABLE, "interrupted", e);
        }
    }
}
