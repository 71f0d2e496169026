package io.tidegate.shared;

import io.tidegate.feed.FeedSettings;
import io.tidegate.feed.Order;
import io.tidegate.feed.OrderState;
import io.tidegate.feed.Publication;
import io.tidegate.feed.Publication.Refusal;
import io.tidegate.feed.PublicationQueue;
import io.tidegate.feed.Wakeup;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of many nodes: what is offered is proposed to a log that they share, and takes effect when it is read from there, on all of
 * them alike.
 *
 * <pre>
 *  offer ─► queue ─► propose ─► {@link SharedLog} ─► {@link Tail}: does it count? ─► commit: check, number, store, show, settle
 *                                   ▲                 │
 *         other nodes ──────────────┘                 └─► own publications: settled by what was read, by nothing else
 * </pre>
 *
 * <p>No node leads. A group that may be lost ends the {@link Life} of its node: a record that says so (a fence) is put behind it, and when
 * it is read, what was not read before it never will be, by anybody, and is proposed once more.
 *
 * <p>Two tasks run: the one proposes, and blocks in {@link SharedLog#append}; the other reads and commits. Each runs on an executor of its
 * own, one at a time. What fails is tried again by {@link #look}.
 */
public final class SharedOrder implements Order {

    private static final Logger LOG = LoggerFactory.getLogger(SharedOrder.class);

    private static final String UNREADABLE = "the shared log cannot be read: ";

    private final SharedLog log;
    private final FeedSettings settings;
    private final SharedSettings limits;
    private final Executor proposals;
    private final Executor commits;
    private final long feed;

    // Guarded by lock: held for a few instructions, never while anything blocks.
    private final Object lock = new Object();
    private final PublicationQueue queue;
    private final Flight flight = new Flight();
    private boolean isProposing;
    /** Something that was proposed will not come, or may not. */
    private boolean isLost;

    /** Once in a look, however fast proposals fail. */
    private boolean mayRenew = true;

    private boolean isReading;
    private boolean isCommitting;
    private boolean isDraining;
    private boolean isOver;

    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    /** Why this node reads no further, ever; null while it does. */
    private volatile @Nullable String halted;

    /** What was told last, so that each trouble is told once. */
    private volatile String told = "";

    private final AtomicLong renewals = new AtomicLong();

    // Set by start.
    private @Nullable Tail tail;
    private @Nullable Progress progress;

    /**
     * An order by a log.
     *
     * @param settings limits of the queue, and of a group
     * @param proposals runs the task that proposes, which blocks; needs one thread that nothing else uses
     * @param commits runs the task that reads and commits, which blocks; needs one thread that nothing else uses for long
     */
    public SharedOrder(
            SharedLog log, FeedSettings settings, SharedSettings limits, Executor proposals, Executor commits) {
        this.log = log;
        this.settings = settings;
        this.limits = limits;
        this.proposals = proposals;
        this.commits = commits;
        queue = new PublicationQueue(settings);
        feed = Memory.feed(log.identity());
    }

    /** The name of the epoch of a log's feed, the same on all nodes. */
    public static String epoch(SharedLog log) {
        return Memory.epoch(log.identity());
    }

    /**
     * Looks whether a store can go on by a log.
     *
     * @throws SharedLogException if it cannot, with what to do
     */
    public static void requireFit(SharedLog log, OrderState state) throws SharedLogException {
        Memory memory = Memory.of(state).orElse(null);
        if (memory != null && memory.place().next() != state.offset()) {
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

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void start(OrderState state, Sink sink) {
        Memory memory;
        try {
            memory = Memory.of(state).orElseGet(() -> Memory.none(log.identity()));
        } catch (SharedLogException e) {
            throw new IllegalStateException("the store was to be looked at before", e);
        }
        progress = new Progress(log, memory.place().next(), limits.lagTimeout());
        tail = new Tail(log, settings, limits.pollTime(), feed, memory, sink, this);
        isReading = true;
        commits.execute(this::read);
    }

    // ---- what is offered

    @Override
    public void offer(Publication publication) {
        Refusal refusal;
        synchronized (lock) {
            refusal = refusal(publication);
            if (refusal == null) {
                queue.add(publication);
                // Nothing may be taken for long, and each has its own time.
                publication.offeredAt(System.nanoTime());
            }
        }
        if (refusal != null) {
            publication.refuse(refusal);
        } else {
            goOnProposing();
        }
    }

    private @Nullable Refusal refusal(Publication publication) {
        if (isDraining) {
            return Refusal.DRAINING;
        }
        if (Records.bytes(publication) > log.maxEntryBytes() - Records.OVERHEAD
                || !Records.isReadable(publication.precondition())) {
            return Refusal.TOO_LARGE;
        }
        return halted == null ? null : Refusal.UNAVAILABLE;
    }

    @Override
    public boolean hasRoom() {
        synchronized (lock) {
            return queue.hasRoom();
        }
    }

    @Override
    public void awaitRoom(Wakeup wakeup) {
        boolean roomNow;
        synchronized (lock) {
            roomNow = queue.awaitRoom(wakeup);
        }
        if (roomNow) {
            wakeup.signal();
        }
    }

    @Override
    public void leave(Wakeup wakeup) {
        synchronized (lock) {
            queue.leave(wakeup);
        }
    }

    @Override
    public Backlog backlog() {
        synchronized (lock) {
            return queue.backlog();
        }
    }

    // ---- the task that proposes

    private void goOnProposing() {
        boolean starts;
        synchronized (lock) {
            starts = !isProposing && !isOver;
            isProposing = isProposing || starts;
        }
        if (starts) {
            proposals.execute(this::propose);
        }
    }

    private void propose() {
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = isLost() ? renew() : proposeGroup();
            } catch (SharedLogException e) {
                tell("changes cannot be proposed: " + e.getMessage());
                goesOn = stopProposing();
            } catch (RuntimeException | Error e) {
                LOG.error("A proposal failed, and is tried again", e);
                synchronized (lock) {
                    isLost = true;
                }
                goesOn = stopProposing();
            }
        }
    }

    private boolean isLost() {
        String failure = log.failure();
        if (failure != null) {
            tell("a proposal may be lost: " + failure);
        }
        synchronized (lock) {
            isLost = isLost || failure != null;
            return isLost && !isOver;
        }
    }

    /** {@link #look} starts the task again, or whatever it waits for. */
    private boolean stopProposing() {
        synchronized (lock) {
            isProposing = false;
        }
        return false;
    }

    private boolean renew() throws SharedLogException {
        synchronized (lock) {
            if (!mayRenew) {
                isProposing = false;
                return false;
            }
            mayRenew = false;
        }
        log.renew();
        List<Life> former;
        Header header;
        synchronized (lock) {
            isLost = false;
            former = flight.endLife();
            header = new Header(Header.Kind.FENCE, feed, flight.life(), flight.next());
        }
        renewals.incrementAndGet();
        append(header, Records.fence(header, former));
        return true;
    }

    private boolean proposeGroup() throws SharedLogException {
        List<Publication> group;
        Header header;
        List<Wakeup> room;
        synchronized (lock) {
            group = nextGroup();
            if (group.isEmpty()) {
                isProposing = false;
                return false;
            }
            header = new Header(Header.Kind.GROUP, feed, flight.life(), flight.next());
            flight.propose(header.number(), group);
            room = queue.takeWaiting();
        }
        room.forEach(Wakeup::signal);
        append(header, Records.group(header, group));
        return true;
    }

    /** Empty while nothing may be proposed. */
    private List<Publication> nextGroup() {
        if (isOver
                || halted != null
                || flight.isEnding()
                || flight.groups() >= limits.windowGroups()
                || flight.bytes() >= limits.windowBytes()) {
            return List.of();
        }
        List<Publication> again = flight.takeAgain();
        return again == null
                ? queue.takeWithin(
                        Math.min(settings.commitBytes(), log.maxEntryBytes() - Records.OVERHEAD), Records::bytes)
                : again;
    }

    /** What was certainly not appended leaves a hole in the numbers: nothing behind it counts. */
    private void append(Header header, byte[] bytes) throws SharedLogException {
        try {
            log.append(bytes);
        } catch (SharedLogException e) {
            synchronized (lock) {
                isLost = true;
                if (header.kind() == Header.Kind.GROUP) {
                    flight.notAppended(header);
                }
            }
            throw e;
        }
    }

    // ---- the task that reads

    private void read() {
        Tail reads = Objects.requireNonNull(tail);
        boolean goesOn = false;
        try {
            goesOn = reads.turn();
            if (goesOn) {
                recovered();
            }
        } catch (SharedLogException e) {
            failed(e);
        } catch (RuntimeException | Error e) {
            LOG.error("The shared log cannot be read any further", e);
            halt("this node has failed at a record of the shared log: restart it");
        } catch (Header.UnknownRecordException e) {
            halt("a record of the shared log cannot be understood (" + e.getMessage() + "): upgrade this node");
        } finally {
            synchronized (lock) {
                isReading = goesOn && !isOver;
                goesOn = isReading;
            }
        }
        if (goesOn) {
            commits.execute(this::read);
        }
        if (log.failure() != null) {
            goOnProposing();
        }
    }

    private void failed(SharedLogException e) {
        switch (e.kind()) {
            case UNAVAILABLE, UNUSABLE -> tell(UNREADABLE + e.getMessage());
            case TRIMMED ->
                halt("the shared log begins behind what this node has read, so it cannot go on: move its store away,"
                        + " and let it start from another node's");
            case DIVERGED ->
                halt("this node has read what is not in the shared log any more (" + e.getMessage()
                        + "): nothing more is read; move its store away to go on with what the log has");
        }
    }

    /** For good: only a start can help. */
    private void halt(String why) {
        List<Publication> notTaken = new ArrayList<>();
        List<Publication> unknown = new ArrayList<>();
        boolean isDrained;
        halted = why;
        LOG.error("{}", why);
        synchronized (lock) {
            isCommitting = false;
            notTaken.addAll(queue.clear());
            flight.clear(notTaken::add, unknown::add);
            isDrained = endsIfDrained();
        }
        refuse(notTaken, unknown);
        if (isDrained) {
            drained.complete(null);
        }
    }

    /** Of who has ended nobody wants to know, such as that the log is closed. */
    private void tell(String trouble) {
        boolean isRunning;
        synchronized (lock) {
            isRunning = !isOver;
        }
        if (isRunning && !told.equals(trouble)) {
            told = trouble;
            LOG.warn("{}", trouble);
        }
    }

    private void recovered() {
        if (told.startsWith(UNREADABLE)) {
            told = "";
            LOG.info("The shared log is read again");
        }
    }

    /** By the tail: publications of a record that counts; null if it was not proposed here. */
    @Nullable
    List<Publication> own(Header header) {
        synchronized (lock) {
            return flight.of(header);
        }
    }

    /** By the tail: whether the group may begin, and if so it has. */
    boolean begins(Runnable begin) {
        synchronized (lock) {
            if (!isOver) {
                begin.run();
                isCommitting = true;
            }
            return !isOver;
        }
    }

    /** By the tail: the store did not take the group. */
    void failed() {
        synchronized (lock) {
            isCommitting = false;
        }
    }

    /** By the tail: the records were committed, up to that offset. */
    void committed(List<Header> own, long next) {
        boolean isDrained;
        synchronized (lock) {
            isCommitting = false;
            own.forEach(flight::remove);
            isDrained = endsIfDrained();
        }
        Objects.requireNonNull(progress).read(next);
        if (isDrained) {
            drained.complete(null);
        } else if (!own.isEmpty()) {
            goOnProposing();
        }
    }

    /** By the tail: a record of this node does not count, because one before it never came. */
    void lost(Header header) {
        synchronized (lock) {
            isLost = isLost || header.life().equals(flight.life());
        }
        goOnProposing();
    }

    /** By the tail: it was read that these are over. */
    void ended(Life by, List<Life> former) {
        boolean isDrained;
        synchronized (lock) {
            flight.ended(by, former);
            isDrained = endsIfDrained();
        }
        if (isDrained) {
            drained.complete(null);
        } else {
            goOnProposing();
        }
    }

    // ---- the end

    @Override
    public CompletionStage<Void> drain() {
        boolean isDrained;
        synchronized (lock) {
            isDraining = true;
            isDrained = endsIfDrained();
        }
        if (isDrained) {
            drained.complete(null);
        }
        return drained;
    }

    /** When all is settled that was offered here, nothing is read any more: what is shown then is the end. */
    private boolean endsIfDrained() {
        boolean ends = isDraining && !isOver && !isCommitting && queue.isEmpty() && flight.isEmpty();
        isOver = isOver || ends;
        return ends;
    }

    @Override
    public void abandon() {
        List<Publication> notTaken = new ArrayList<>();
        List<Publication> unknown = new ArrayList<>();
        List<Wakeup> room;
        synchronized (lock) {
            isDraining = true;
            isOver = true;
            notTaken.addAll(queue.clear());
            flight.clear(notTaken::add, unknown::add);
            room = queue.takeAllWaiting();
        }
        refuse(notTaken, unknown);
        room.forEach(Wakeup::signal);
    }

    private static void refuse(List<Publication> notTaken, List<Publication> unknown) {
        notTaken.forEach(publication -> publication.refuse(Refusal.UNAVAILABLE));
        unknown.forEach(publication -> publication.refuse(Refusal.UNKNOWN));
    }

    // ---- time

    /** Settles what has waited for too long, and tries again what failed. */
    @Override
    public void look(long nowNanos) {
        List<Publication> notTaken = new ArrayList<>();
        List<Publication> unknown = new ArrayList<>();
        List<Wakeup> room;
        boolean reads;
        boolean isDrained;
        synchronized (lock) {
            long since = nowNanos - limits.publishTimeout().toNanos();
            notTaken.addAll(halted == null ? queue.takeOfferedUntil(since) : queue.clear());
            flight.offeredUntil(since, notTaken::add, unknown::add);
            room = queue.takeWaiting();
            reads = !isReading && !isOver && halted == null && tail != null;
            isReading = isReading || reads;
            mayRenew = true;
            isDrained = endsIfDrained();
        }
        refuse(notTaken, unknown);
        room.forEach(Wakeup::signal);
        Objects.requireNonNull(progress).look(nowNanos);
        if (isDrained) {
            drained.complete(null);
        }
        if (reads) {
            commits.execute(this::read);
        }
        goOnProposing();
    }

    // ---- how it stands

    /** When this node has read all that there was when it started. */
    public CompletionStage<Void> caughtUp() {
        return Objects.requireNonNull(progress).caughtUp();
    }

    @Override
    public @Nullable String trouble() {
        return halted == null ? Objects.requireNonNull(progress).trouble() : halted;
    }

    /** Entries of the log that this node has not read yet, as far as it knows. */
    public long lag() {
        return Objects.requireNonNull(progress).lag();
    }

    /** Groups that were proposed and not read yet. */
    public int underWay() {
        synchronized (lock) {
            return flight.groups();
        }
    }

    /** How often a proposal may have been lost since the start. */
    public long renewals() {
        return renewals.get();
    }
}
