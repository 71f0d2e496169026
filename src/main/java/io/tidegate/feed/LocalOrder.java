package io.tidegate.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    private final PublicationQueue queue;
    private boolean committing;
    private boolean draining;

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
        queue = new PublicationQueue(settings);
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void start(OrderState from, Sink to) {
        offset = from.offset();
        sink = to;
    }

    @Override
    public void offer(Publication publication) {
        boolean refused;
        boolean start = false;
        synchronized (lock) {
            refused = draining;
            if (!refused) {
                queue.add(publication);
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

    /** In a drain somebody waits for the end of the commit task. */
    @Override
    public boolean isIdle() {
        synchronized (lock) {
            return queue.isEmpty() && !draining;
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
            unsettled = queue.clear();
            room = queue.takeAllWaiting();
        }
        unsettled.forEach(publication -> publication.refuse(Publication.Refusal.STORE_FAILED));
        room.forEach(Wakeup::signal);
    }

    /** The commit task: ends when the queue is empty. */
    private void commitAll() {
        Sink to = Objects.requireNonNull(sink, "it was not started");
        List<Wakeup> room = new ArrayList<>();
        for (List<Publication> group = beginGroup(to, room); !group.isEmpty(); group = beginGroup(to, room)) {
            room.forEach(Wakeup::signal);
            offset += group.size();
            Publication.Refusal why = to.commit(group, OrderState.at(offset), SteadyClock.PROCESS.millis());
            if (why != null) {
                // Nobody else has the group.
                group.forEach(publication -> publication.refuse(why));
            }
        }
    }

    /** Moves the next group from the queue to the sink; if there is none, the task is over. */
    private List<Publication> beginGroup(Sink to, List<Wakeup> room) {
        List<Publication> group;
        room.clear();
        boolean nowDrained;
        synchronized (lock) {
            group = queue.take(settings.commitBytes());
            room.addAll(queue.takeWaiting());
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
