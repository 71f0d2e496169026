package io.tidegate.shared;

import io.tidegate.feed.FeedSettings;
import io.tidegate.feed.Order;
import io.tidegate.feed.Ordered;
import io.tidegate.feed.Publication;
import io.tidegate.shared.Header.UnknownRecordException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the log, decides which records count, and hands their changes over to be committed, in order and nothing twice.
 *
 * <p>What the store does not take is handed over again, the very same. Used by one thread.
 */
final class Tail {

    private final SharedLog log;
    private final FeedSettings settings;
    private final Duration patience;
    private final long feed;
    private final Order.Sink sink;
    private final SharedOrder order;
    private final Proposals proposals;

    private Memory memory;
    private boolean isPlaced;

    /** What was read, and not looked at yet. */
    private final ArrayDeque<SharedLog.Entry> read = new ArrayDeque<>();

    // What counts, and is not committed yet.
    private final List<Ordered> group = new ArrayList<>();
    private final List<Header> own = new ArrayList<>();
    private long bytes;

    Tail(
            SharedLog log,
            FeedSettings settings,
            Duration patience,
            long feed,
            Memory memory,
            Order.Sink sink,
            SharedOrder order,
            Proposals proposals) {
        this.log = log;
        this.settings = settings;
        this.patience = patience;
        this.feed = feed;
        this.memory = memory;
        this.sink = sink;
        this.order = order;
        this.proposals = proposals;
    }

    /**
     * Reads what comes next, or goes on with what was read.
     *
     * @return false if the store did not take it, or nothing is to be committed any more
     */
    boolean turn() throws SharedLogException, UnknownRecordException {
        if (!isPlaced) {
            log.seek(memory.place());
            isPlaced = true;
        }
        if (read.isEmpty() && group.isEmpty()) {
            read.addAll(log.poll(patience));
        }
        boolean isTaken = true;
        while (isTaken && !(read.isEmpty() && group.isEmpty())) {
            try {
                isTaken = gather();
            } catch (SharedLogException | UnknownRecordException e) {
                // All nodes get as far as that: what is before it is committed, and then it is come to again.
                if (group.isEmpty()) {
                    throw e;
                }
            }
            isTaken = isTaken && commit();
        }
        return isTaken;
    }

    /** Looks at what was read until there is enough for a commit; false if the store did not take something. */
    private boolean gather() throws SharedLogException, UnknownRecordException {
        boolean goesOn = true;
        while (goesOn && isBelowLimits() && !read.isEmpty()) {
            SharedLog.Entry entry = read.element();
            goesOn = Header.isRecord(entry.bytes()) ? take(entry) : passOver(entry);
            if (goesOn) {
                memory = memory.at(entry.after());
                read.remove();
            }
        }
        // What has to wait for the commit of others is not refused.
        return goesOn || !group.isEmpty();
    }

    /**
     * Another program has written it, or a node that does not know yet that the log was made anew: to all nodes of this feed it is as if
     * it was not there.
     */
    private boolean passOver(SharedLog.Entry entry) {
        order.strayed(entry.offset());
        return true;
    }

    private boolean take(SharedLog.Entry entry) throws SharedLogException, UnknownRecordException {
        ByteBuffer body = ByteBuffer.wrap(entry.bytes());
        Header header = Header.read(body);
        if (header.feed() != feed) {
            return passOver(entry);
        }
        // What was read before the end of a life, or of an epoch, is committed before it.
        boolean isIndifferent = header.kind() == Header.Kind.GROUP || header.kind() == Header.Kind.NODE;
        return (isIndifferent || group.isEmpty()) && look(header, body, entry);
    }

    /** Of the entry that could not be looked at. */
    long offset() {
        return read.element().offset();
    }

    private boolean isBelowLimits() {
        return group.size() < settings.commitUpdates() && bytes < settings.commitBytes();
    }

    /** False if the store did not take it. */
    private boolean look(Header header, ByteBuffer body, SharedLog.Entry entry)
            throws SharedLogException, UnknownRecordException {
        switch (header.kind()) {
            case GROUP, FENCE -> count(header, body, entry);
            case NODE -> order.heard(Records.readNode(body), entry.atMillis());
            case EPOCH -> {
                return beginEpoch(Records.readEpoch(body), entry);
            }
            case ORIGIN -> requireOrigin();
            case MOVED ->
                throw new SharedLogException(
                        SharedLogException.Kind.ENDED,
                        "the feed was moved to a server that decides alone: stop this node, and send its clients there");
        }
        return true;
    }

    private boolean beginEpoch(String name, SharedLog.Entry entry) {
        boolean isTaken = sink.beginEpoch(name, memory.at(entry.after()).state());
        if (isTaken) {
            order.stored(entry.after().next());
        }
        return isTaken;
    }

    /** A later one is of somebody who thought that the log had nothing yet. */
    private void requireOrigin() throws SharedLogException {
        if (memory.place().next() == 0 && memory.base() == 0) {
            throw new SharedLogException(
                    SharedLogException.Kind.TRIMMED,
                    "the feed had a store of its own before this log, which this node does not have");
        }
    }

    private void count(Header header, ByteBuffer body, SharedLog.Entry entry) throws UnknownRecordException {
        order.passed(entry.atMillis());
        List<? extends Ordered> changes = header.kind() == Header.Kind.GROUP ? changes(header, body) : List.of();
        List<Life> former = header.kind() == Header.Kind.FENCE ? Records.readFence(body) : List.of();
        if (!memory.lives().admit(header, entry.atMillis())) {
            if (memory.lives().isMissingBefore(header)) {
                order.lost(header);
            }
            return;
        }
        if (header.kind() == Header.Kind.FENCE) {
            memory.lives().end(former);
            order.ended(header.life(), former);
            return;
        }
        for (Ordered change : changes) {
            group.add(change);
            bytes += change.change().weight();
        }
        own.add(header);
    }

    private List<? extends Ordered> changes(Header header, ByteBuffer body) throws UnknownRecordException {
        List<Publication> published = proposals.own(header);
        return published == null ? Records.readGroup(body) : published;
    }

    private boolean commit() {
        if (group.isEmpty()) {
            order.committed(List.of(), memory.place().next(), memory.lives().millis());
            return true;
        }
        List<Ordered> begun = List.copyOf(group);
        if (!proposals.begins(() -> sink.begin(begun))) {
            return false;
        }
        if (sink.commit(begun, memory.state(), memory.lives().millis()) != null) {
            proposals.failed();
            return false;
        }
        order.stored(memory.place().next());
        List<Header> done = List.copyOf(own);
        group.clear();
        own.clear();
        bytes = 0;
        order.committed(done, memory.place().next(), memory.lives().millis());
        return true;
    }
}
