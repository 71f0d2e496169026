package io.tidegate.shared;

import io.tidegate.feed.FeedSettings;
import io.tidegate.feed.Order;
import io.tidegate.feed.Publication;
import io.tidegate.feed.Publication.Refusal;
import io.tidegate.feed.PublicationQueue;
import io.tidegate.feed.Wakeup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What was offered to this node and is not settled, and which of the tasks of its {@link SharedOrder} may go on.
 *
 * <p>Thread-safe: one lock, held for a few instructions, never while anything blocks, and never while somebody is told something.
 */
final class Proposals {

    /**
     * What is to be proposed.
     *
     * @param room those who find room in the queue now
     */
    record Group(Header header, List<Publication> changes, List<Wakeup> room) {}

    /** The end of former lives, and the beginning of one. */
    record Fence(Header header, List<Life> former) {}

    private final FeedSettings settings;
    private final SharedSettings limits;
    private final long feed;
    private final int entryBytes;

    // Guarded by this.
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
    private boolean isHalted;
    private boolean isOver;

    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    /**
     * None yet.
     *
     * @param feed of which feed the records are
     * @param entryBytes most bytes of the changes of a record
     */
    Proposals(FeedSettings settings, SharedSettings limits, long feed, int entryBytes) {
        this.settings = settings;
        this.limits = limits;
        this.feed = feed;
        this.entryBytes = entryBytes;
        queue = new PublicationQueue(settings);
    }

    // ---- what is offered

    /** Whether it was not taken, and why. */
    synchronized @Nullable Refusal add(Publication publication) {
        if (isDraining) {
            return Refusal.DRAINING;
        }
        if (Records.bytes(publication) > entryBytes || !Records.isReadable(publication.precondition())) {
            return Refusal.TOO_LARGE;
        }
        if (isHalted) {
            return Refusal.UNAVAILABLE;
        }
        // Nothing may be taken for long, and each has its own time.
        queue.add(publication, System.nanoTime());
        return null;
    }

    synchronized boolean hasRoom() {
        return queue.hasRoom();
    }

    synchronized boolean awaitRoom(Wakeup wakeup) {
        return queue.awaitRoom(wakeup);
    }

    synchronized void leave(Wakeup wakeup) {
        queue.leave(wakeup);
    }

    synchronized Order.Backlog backlog() {
        return queue.backlog();
    }

    // ---- the task that proposes

    /** Whether the task is to be started. */
    synchronized boolean startProposing() {
        boolean starts = !isProposing && !isOver;
        isProposing = isProposing || starts;
        return starts;
    }

    synchronized void stopProposing() {
        isProposing = false;
    }

    /** Something may be lost: the life of this node has to end. */
    synchronized void lose() {
        isLost = true;
    }

    synchronized boolean isLost() {
        return isLost && !isOver;
    }

    /** Whether a life may begin now; otherwise the task is over until the next look. */
    synchronized boolean takeRenewal() {
        boolean may = mayRenew;
        mayRenew = false;
        isProposing = may;
        return may;
    }

    synchronized Fence beginLife() {
        isLost = false;
        List<Life> former = flight.endLife();
        return new Fence(new Header(Header.Kind.FENCE, feed, flight.life(), flight.next()), former);
    }

    /** The header of a record that belongs to no life. */
    synchronized Header outside(Header.Kind kind) {
        return new Header(kind, feed, flight.life(), 0);
    }

    /** The next group, which is under way from now on; null while nothing may be proposed, and then the task is over. */
    synchronized @Nullable Group nextGroup() {
        List<Publication> group = mayPropose() ? takeGroup() : List.of();
        if (group.isEmpty()) {
            isProposing = false;
            return null;
        }
        var header = new Header(Header.Kind.GROUP, feed, flight.life(), flight.next());
        flight.propose(header.number(), group);
        return new Group(header, group, queue.takeWaiting());
    }

    private boolean mayPropose() {
        return !isOver
                && !isHalted
                && !flight.isEnding()
                && flight.groups() < limits.windowGroups()
                && flight.bytes() < limits.windowBytes();
    }

    private List<Publication> takeGroup() {
        List<Publication> again = flight.takeAgain();
        return again == null ? queue.takeWithin(Math.min(settings.commitBytes(), entryBytes), Records::bytes) : again;
    }

    /** What was certainly not appended leaves a hole in the numbers: nothing behind it counts. */
    synchronized void notAppended(Header header) {
        isLost = true;
        if (header.kind() == Header.Kind.GROUP) {
            flight.notAppended(header);
        }
    }

    // ---- the task that reads

    synchronized void startReading() {
        isReading = true;
    }

    /** Whether the task goes on; otherwise it is over until the next look. */
    synchronized boolean goOnReading(boolean wants) {
        isReading = wants && !isOver;
        return isReading;
    }

    /** Publications of a record that counts; null if it was not proposed here. */
    synchronized @Nullable List<Publication> own(Header header) {
        return flight.of(header);
    }

    /** Whether a group may begin, and if so it has. */
    synchronized boolean begins(Runnable begin) {
        if (!isOver) {
            begin.run();
            isCommitting = true;
        }
        return !isOver;
    }

    /** The store did not take the group. */
    synchronized void failed() {
        isCommitting = false;
    }

    void committed(List<Header> own) {
        synchronized (this) {
            isCommitting = false;
            own.forEach(flight::remove);
        }
        endIfDrained();
    }

    /** A record of this node does not count, because one before it never came. */
    synchronized void lost(Header header) {
        isLost = isLost || header.life().equals(flight.life());
    }

    /** It was read that these are over. */
    void ended(Life by, List<Life> former) {
        synchronized (this) {
            flight.ended(by, former);
        }
        endIfDrained();
    }

    /** Nothing is read any more. */
    void halt() {
        List<Publication> notTaken;
        List<Publication> unknown = new ArrayList<>();
        synchronized (this) {
            isHalted = true;
            isCommitting = false;
            notTaken = new ArrayList<>(queue.clear());
            flight.clear(notTaken::add, unknown::add);
        }
        refuse(notTaken, unknown);
        endIfDrained();
    }

    // ---- the end

    CompletionStage<Void> drain() {
        synchronized (this) {
            isDraining = true;
        }
        endIfDrained();
        return drained;
    }

    /** When all is settled that was offered here, nothing is read any more: what is shown then is the end. */
    private void endIfDrained() {
        boolean ends;
        synchronized (this) {
            ends = isDraining && !isOver && !isCommitting && queue.isEmpty() && flight.isEmpty();
            isOver = isOver || ends;
        }
        if (ends) {
            drained.complete(null);
        }
    }

    void abandon() {
        List<Publication> notTaken;
        List<Publication> unknown = new ArrayList<>();
        List<Wakeup> room;
        synchronized (this) {
            isDraining = true;
            isOver = true;
            notTaken = new ArrayList<>(queue.clear());
            flight.clear(notTaken::add, unknown::add);
            room = queue.takeAllWaiting();
        }
        refuse(notTaken, unknown);
        room.forEach(Wakeup::signal);
    }

    synchronized boolean isOver() {
        return isOver;
    }

    // ---- time

    /** Settles what has waited for too long. Whether the task that reads is to be started. */
    boolean look(long nowNanos) {
        List<Publication> notTaken;
        List<Publication> unknown = new ArrayList<>();
        List<Wakeup> room;
        boolean reads;
        synchronized (this) {
            long since = nowNanos - limits.publishTimeout().toNanos();
            notTaken = new ArrayList<>(queue.takeOfferedUntil(since));
            flight.offeredUntil(since, notTaken::add, unknown::add);
            room = queue.takeWaiting();
            reads = !isReading && !isOver && !isHalted;
            isReading = isReading || reads;
            mayRenew = true;
        }
        refuse(notTaken, unknown);
        room.forEach(Wakeup::signal);
        endIfDrained();
        return reads;
    }

    private static void refuse(List<Publication> notTaken, List<Publication> unknown) {
        notTaken.forEach(publication -> publication.refuse(Refusal.UNAVAILABLE));
        unknown.forEach(publication -> publication.refuse(Refusal.UNKNOWN));
    }

    /** Groups that were proposed and not read yet. */
    synchronized int underWay() {
        return flight.groups();
    }
}
