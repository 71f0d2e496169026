package io.tidegate.feed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The order of one node alone: first come, first served.
 *
 * <p>While one group commits, the next gathers in the queue: an idle feed commits single changes at once, a loaded one large
 * groups. Groups are handed over by one task at a time, which ends when the queue is empty.
 */
final class LocalOrder implements Order {

    private final FeedSettings settings;
    private final Executor commits;
    private @Nullable Sink sink;

    // Guarded by lock: held for a few instructions, never while anything blocks.
    private final Object lock = new Object();
    private final ArrayDeque<Publication> queue = new ArrayDeque<>();
    private long queuedBytes;
    /** When the queue was empty last, or a group was taken out of it: one look at the clock for all that gather since. */
    private long gatheringSinceNanos;

    private boolean committing;
    private boolean draining;
    /** In the order in which they came: not all find room who are woken together. */
    private final Set<Wakeup> waitingForRoom = new LinkedHashSet<>();

    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    /** How many changes had their turn. Used by the commit task. */
    private long offset;

    /**
     * An order of what is offered here.
     *
     * @param settings limits of the queue, and of a group
     * @param commits runs the commit task, which blocks; needs one thread that nothing else uses
     */
    LocalOrder(FeedSettings settings, Executor commits) {
        this.settings = settings;
        this.commits = commits;
    }

    @Override
    public void start(long from, Sink to) {
        offset = from;
        sink = to;
    }

    @Override
    public void offer(Publication publication) {
        boolean refused;
        boolean start = false;
        synchronized (lock) {
            refused = draining;
            if (!refused) {
                if (queue.isEmpty()) {
                    gatheringSinceNanos = System.nanoTime();
                }
                publication.offeredAt(gatheringSinceNanos);
                queue.add(publication);
                queuedBytes += publication.change().weight();
                start = !committing;
                committing = true;
            }
        }
        if (refused) {
            publication.refuse(Publication.Refusal.DRAINING);
        }
        if (start) {
            commits.execute(this::commitAll);
        }
    }

    @Override
    public boolean hasRoom() {
        synchronized (lock) {
            return isBelowLimits();
        }
    }

    @Override
    public void awaitRoom(Wakeup wakeup) {
        boolean roomNow;
        synchronized (lock) {
            roomNow = isBelowLimits();
            if (!roomNow) {
                waitingForRoom.add(wakeup);
            }
        }
        if (roomNow) {
            wakeup.signal();
        }
    }

    @Override
    public void leave(Wakeup wakeup) {
        synchronized (lock) {
            waitingForRoom.remove(wakeup);
        }
    }

    private boolean isBelowLimits() {
        return queue.size() < settings.queueUpdates() && queuedBytes < settings.queueBytes();
    }

    @Override
    public Backlog backlog() {
        synchronized (lock) {
            return new Backlog(queue.size(), queuedBytes);
        }
    }

    @Override
    public CompletionStage<Void> drain() {
        boolean idle;
        synchronized (lock) {
            draining = true;
            idle = !committing;
        }
        if (idle) {
            drained.complete(null);
        }
        return drained;
    }

    @Override
    public void abandon() {
        List<Publication> unsettled;
        List<Wakeup> room;
        synchronized (lock) {
            draining = true;
            unsettled = List.copyOf(queue);
            queue.clear();
            queuedBytes = 0;
            room = List.copyOf(waitingForRoom);
            waitingForRoom.clear();
        }
        unsettled.forEach(publication -> publication.refuse(Publication.Refusal.STORE_FAILED));
        room.forEach(Wakeup::signal);
    }

    /** The commit task: ends when the queue is empty. */
    private void commitAll() {
        Sink to = Objects.requireNonNull(sink, "it was not started");
        List<Wakeup> room = new ArrayList<>();
        for (List<Ordered> group = beginGroup(to, room); !group.isEmpty(); group = beginGroup(to, room)) {
            room.forEach(Wakeup::signal);
            offset += group.size();
            // If it fails, all who wait for it are told so: nobody else has the group.
            boolean unused = to.commit(group, offset);
        }
    }

    /** Moves the next group from the queue to the sink; if there is none, the task is over. */
    private List<Ordered> beginGroup(Sink to, List<Wakeup> room) {
        List<Ordered> group = new ArrayList<>();
        room.clear();
        boolean nowDrained;
        synchronized (lock) {
            long bytes = 0;
            while (!queue.isEmpty() && group.size() < settings.commitUpdates() && bytes < settings.commitBytes()) {
                Publication publication = queue.remove();
                bytes += publication.change().weight();
                group.add(publication);
            }
            queuedBytes -= bytes;
            gatheringSinceNanos = System.nanoTime();
            if (!waitingForRoom.isEmpty() && isBelowLimits()) {
                room.addAll(waitingForRoom);
                waitingForRoom.clear();
            }
            committing = !group.isEmpty();
            if (committing) {
                to.begin(group);
            }
            nowDrained = draining && !committing;
        }
        if (nowDrained) {
            drained.complete(null);
        }
        return group;
    }
}
