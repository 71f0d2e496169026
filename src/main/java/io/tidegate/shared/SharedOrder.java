package io.tidegate.shared;

import io.tidegate.feed.FeedSettings;
import io.tidegate.feed.Order;
import io.tidegate.feed.OrderState;
import io.tidegate.feed.Publication;
import io.tidegate.feed.Publication.Refusal;
import io.tidegate.feed.Wakeup;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
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

    private final SharedLog log;
    private final FeedSettings settings;
    private final SharedSettings limits;
    private final Executor proposing;
    private final Executor commits;
    private final long feed;
    private final Proposals proposals;
    private final OrderCounts counts = new OrderCounts();
    private final Announcements announcements;
    private final Nodes nodes;

    /** Why this node reads no further, ever; null while it does. */
    private volatile @Nullable String halted;

    private final Troubles troubles = new Troubles(LOG);

    // Set by start.
    private @Nullable Tail tail;
    private @Nullable Progress progress;
    private @Nullable Trimming trimming;

    /**
     * An order by a log.
     *
     * @param settings limits of the queue, and of a group
     * @param proposing runs the task that proposes, which blocks; needs one thread that nothing else uses
     * @param commits runs the task that reads and commits, which blocks; needs one thread that nothing else uses for long
     */
    public SharedOrder(
            SharedLog log, FeedSettings settings, SharedSettings limits, Executor proposing, Executor commits) {
        this.log = log;
        this.settings = settings;
        this.limits = limits;
        this.proposing = proposing;
        this.commits = commits;
        feed = Memory.feed(log.identity());
        proposals = new Proposals(settings, limits, feed, log.maxEntryBytes() - Records.OVERHEAD);
        announcements = new Announcements(limits.announceInterval());
        nodes = new Nodes(limits.announceInterval(), System::nanoTime);
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
        trimming = new Trimming(log, limits.trimming(), progress::millis, this::storedByAll);
        // From then on clients may come, which the others are told at once.
        var unused = progress.caughtUp().thenRun(this::goOnProposing);
        tail = new Tail(log, settings, limits.pollTime(), feed, memory, sink, this, proposals);
        proposals.startReading();
        commits.execute(this::read);
    }

    // ---- what is offered

    @Override
    public void offer(Publication publication) {
        Refusal refusal = proposals.add(publication);
        if (refusal != null) {
            publication.refuse(refusal);
        } else {
            goOnProposing();
        }
    }

    @Override
    public boolean hasRoom() {
        return proposals.hasRoom();
    }

    @Override
    public void awaitRoom(Wakeup wakeup) {
        if (proposals.awaitRoom(wakeup)) {
            wakeup.signal();
        }
    }

    @Override
    public void leave(Wakeup wakeup) {
        proposals.leave(wakeup);
    }

    @Override
    public Backlog backlog() {
        return proposals.backlog();
    }

    // ---- the task that proposes

    private void goOnProposing() {
        if (proposals.startProposing()) {
            proposing.execute(this::propose);
        }
    }

    /** Ends when nothing may be proposed; {@link #look} starts it again, or whatever it waits for. */
    private void propose() {
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = isLost() ? renew() : proposeGroup();
            } catch (SharedLogException e) {
                tell(Troubles.Of.PROPOSING, "changes cannot be proposed: " + e.getMessage());
                proposals.stopProposing();
                goesOn = false;
            } catch (RuntimeException | Error e) {
                LOG.error("A proposal failed, and is tried again", e);
                proposals.lose();
                proposals.stopProposing();
                goesOn = false;
            }
        }
        tellOfThisNode();
    }

    /** Behind the changes, which do not wait for it; and whatever becomes of it, no life ends. */
    private void tellOfThisNode() {
        Node self = mayTell() ? self() : null;
        if (self == null || !announcements.takeDue(self)) {
            return;
        }
        try {
            log.mention(Records.node(proposals.outside(Header.Kind.NODE), self));
        } catch (SharedLogException e) {
            // The next one comes soon, and who waits for longer than that is told what is wrong.
        }
    }

    private boolean mayTell() {
        return halted == null && log.failure() == null && !proposals.isLost();
    }

    private boolean isLost() {
        String failure = log.failure();
        if (failure != null) {
            tell(Troubles.Of.CONFIRMING, "a proposal may be lost: " + failure);
            proposals.lose();
        }
        return proposals.isLost();
    }

    private boolean renew() throws SharedLogException {
        if (!proposals.takeRenewal()) {
            return false;
        }
        log.renew();
        Proposals.Fence fence = proposals.beginLife();
        counts.renewed();
        append(fence.header(), Records.fence(fence.header(), fence.former()));
        return true;
    }

    private boolean proposeGroup() throws SharedLogException {
        Proposals.Group group = proposals.nextGroup();
        if (group == null) {
            return false;
        }
        group.room().forEach(Wakeup::signal);
        append(group.header(), Records.group(group.header(), group.changes()));
        return true;
    }

    private void append(Header header, byte[] bytes) throws SharedLogException {
        try {
            log.append(bytes);
        } catch (SharedLogException e) {
            proposals.notAppended(header);
            throw e;
        }
    }

    // ---- the task that reads

    private void read() {
        Tail reads = Objects.requireNonNull(tail);
        boolean wants = false;
        try {
            wants = reads.turn();
            if (wants) {
                troubles.end(Troubles.Of.READING, "The shared log is read again");
            }
        } catch (SharedLogException e) {
            failed(e);
        } catch (Header.UnknownRecordException e) {
            halt("the record at offset " + reads.offset() + " of the shared log cannot be read: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("The shared log cannot be read any further", e);
            halt("this node has failed at a record of the shared log: restart it");
        }
        if (proposals.goOnReading(wants)) {
            commits.execute(this::read);
        }
        if (log.failure() != null) {
            goOnProposing();
        }
    }

    private void failed(SharedLogException e) {
        switch (e.kind()) {
            case UNAVAILABLE, UNUSABLE -> tell(Troubles.Of.READING, "the shared log cannot be read: " + e.getMessage());
            case TRIMMED ->
                halt("the shared log begins behind what this node has read, so it cannot go on: restart it,"
                        + " and it begins with the store of another node");
            case ENDED -> halt(String.valueOf(e.getMessage()));
            case DIVERGED ->
                halt("this node has read what is not in the shared log any more (" + e.getMessage()
                        + "): nothing more is read; restart it, and it says how to go on, or begins a new epoch");
        }
    }

    /** For good: only a start can help. */
    private void halt(String why) {
        halted = why;
        LOG.error("{}", why);
        proposals.halt();
    }

    /** Of who has ended nobody wants to know, such as that the log is closed. */
    private void tell(Troubles.Of what, String trouble) {
        if (!proposals.isOver()) {
            troubles.begin(what, trouble);
        }
    }

    /** By the tail: what was read up to that offset is committed. */
    void committed(List<Header> own, long next, long millis) {
        proposals.committed(own);
        Objects.requireNonNull(progress).read(next, millis);
        if (!own.isEmpty()) {
            troubles.end(Troubles.Of.PROPOSING, "Changes are taken again");
            troubles.end(Troubles.Of.CONFIRMING, "What is proposed is confirmed again");
            goOnProposing();
        }
    }

    /** By the tail: that entry is no record of this feed, and was passed over. */
    void strayed(long offset) {
        if (counts.strayed()) {
            LOG.warn(
                    "The entry at offset {} of the shared log is of another program, or of a node of another feed, and is passed"
                            + " over; so are further ones, which are counted only",
                    offset);
        }
    }

    /** By the tail: the store remembers that this was read. */
    void stored(long next) {
        Objects.requireNonNull(progress).stored(next);
    }

    /** Up to where every node would not miss anything of the log if it started again, as far as they have told. */
    private long storedByAll() {
        return nodes.present(null).stream()
                .mapToLong(Node::offset)
                .reduce(Objects.requireNonNull(progress).stored(), Math::min);
    }

    /** By the tail: a record of this node does not count, because one before it never came. */
    void lost(Header header) {
        proposals.lost(header);
        goOnProposing();
    }

    /** By the tail: it was read that these are over. */
    void ended(Life by, List<Life> former) {
        counts.fenced();
        proposals.ended(by, former);
        goOnProposing();
    }

    // ---- the nodes

    /**
     * From now on this node tells the others of itself.
     *
     * @param self what stays the same
     * @param head sequence number of what it has shown last
     */
    public void announce(Node self, LongSupplier head) {
        announcements.begin(self, head);
        goOnProposing();
    }

    /** Whether this node is about to end, so that nobody should come any more. */
    public void leave(boolean leaves) {
        announcements.leave(leaves);
        goOnProposing();
    }

    /** By the tail: so late it is by the log. */
    void passed(long atMillis) {
        nodes.passed(atMillis);
    }

    /** By the tail: a node has told of itself. */
    void heard(Node node, long atMillis) {
        nodes.heard(node, atMillis, announcements.head());
        // Before that it may be what this node told before a restart.
        if (caughtUp().toCompletableFuture().isDone() && announcements.isNamesake(node)) {
            tell(
                    Troubles.Of.NAME,
                    "another node has the name of this one, " + node.name() + ": set tidegate.shared.advertise.name");
        }
    }

    /** This node, once it tells of itself, and the others that are there, or have just said that they leave. */
    public List<Node> nodes() {
        return nodes.present(self());
    }

    /** The same with all that is known of them. */
    public List<NodeStatus> statuses() {
        return nodes.statuses(self());
    }

    private @Nullable Node self() {
        return announcements.now(Objects.requireNonNull(progress).stored(), trouble() == null);
    }

    // ---- the end, and time

    @Override
    public CompletionStage<Void> drain() {
        return proposals.drain();
    }

    @Override
    public void abandon() {
        proposals.abandon();
    }

    /** Settles what has waited for too long, and tries again what failed. */
    @Override
    public void look(long nowNanos) {
        boolean reads = proposals.look(nowNanos);
        Objects.requireNonNull(progress).look(nowNanos);
        Objects.requireNonNull(trimming).look(nowNanos);
        announcements.look(nowNanos);
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
        return proposals.underWay();
    }

    /** Whether this node reads no further, ever. */
    public boolean isHalted() {
        return halted != null;
    }

    /** What was counted since the start. */
    public OrderCounts counts() {
        return counts;
    }
}
