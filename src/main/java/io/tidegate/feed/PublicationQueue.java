package io.tidegate.feed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Publications that wait for their turn, first come, first served, and those who wait for room among them.
 *
 * <p>Not thread-safe: it is guarded by the lock of the {@link Order} that it belongs to.
 */
public final class PublicationQueue {

    private final FeedSettings settings;
    private final ArrayDeque<Publication> queue = new ArrayDeque<>();
    private long bytes;
    /** When the queue was empty last, or a group was taken out of it: one look at the clock for all that gather since. */
    private long gatheringSinceNanos;

    /** In the order in which they came: not all find room who are woken together. */
    private final Set<Wakeup> waitingForRoom = new LinkedHashSet<>();

    /** An empty one, which says that it is full at the settings' limits, and takes more all the same. */
    public PublicationQueue(FeedSettings settings) {
        this.settings = settings;
    }

    public void add(Publication publication) {
        if (queue.isEmpty()) {
            gatheringSinceNanos = System.nanoTime();
        }
        add(publication, gatheringSinceNanos);
    }

    /** One that has a time of its own, at which it was offered. */
    public void add(Publication publication, long offeredAtNanos) {
        publication.offeredAt(offeredAtNanos);
        queue.add(publication);
        bytes += publication.change().weight();
    }

    /**
     * The next group.
     *
     * @param maxBytes it is complete when it has so many bytes, and has one publication at least
     */
    public List<Publication> take(long maxBytes) {
        List<Publication> group = new ArrayList<>();
        long taken = 0;
        while (!queue.isEmpty() && group.size() < settings.commitUpdates() && taken < maxBytes) {
            Publication publication = queue.remove();
            taken += publication.change().weight();
            group.add(publication);
        }
        bytes -= taken;
        gatheringSinceNanos = System.nanoTime();
        return group;
    }

    /**
     * The next group of a limited size.
     *
     * @param maxBytes it has no more, but one publication at least
     */
    public List<Publication> takeWithin(long maxBytes, ToLongFunction<Publication> bytesOf) {
        List<Publication> group = new ArrayList<>();
        long taken = 0;
        for (Publication next = queue.peek();
                next != null && group.size() < settings.commitUpdates();
                next = queue.peek()) {
            taken += bytesOf.applyAsLong(next);
            if (taken > maxBytes && !group.isEmpty()) {
                break;
            }
            group.add(queue.remove());
            bytes -= next.change().weight();
        }
        gatheringSinceNanos = System.nanoTime();
        return group;
    }

    /** Those that have waited since then or longer. */
    public List<Publication> takeOfferedUntil(long nanos) {
        List<Publication> old = new ArrayList<>();
        for (Publication next = queue.peek(); next != null && next.offeredAtNanos() - nanos <= 0; next = queue.peek()) {
            old.add(queue.remove());
            bytes -= next.change().weight();
        }
        return old;
    }

    /** All of them. */
    public List<Publication> clear() {
        List<Publication> all = List.copyOf(queue);
        queue.clear();
        bytes = 0;
        return all;
    }

    public boolean isEmpty() {
        return queue.isEmpty();
    }

    public boolean hasRoom() {
        return queue.size() < settings.queueUpdates() && bytes < settings.queueBytes();
    }

    /** Whether there is room now; otherwise it is to be woken when there is. */
    public boolean awaitRoom(Wakeup wakeup) {
        boolean roomNow = hasRoom();
        if (!roomNow) {
            waitingForRoom.add(wakeup);
        }
        return roomNow;
    }

    public void leave(Wakeup wakeup) {
        waitingForRoom.remove(wakeup);
    }

    /** Those who are to be woken now; nobody while there is no room. */
    public List<Wakeup> takeWaiting() {
        return waitingForRoom.isEmpty() || !hasRoom() ? List.of() : takeAllWaiting();
    }

    /** Those who wait, whether there is room or not. */
    public List<Wakeup> takeAllWaiting() {
        List<Wakeup> all = List.copyOf(waitingForRoom);
        waitingForRoom.clear();
        return all;
    }

    public Order.Backlog backlog() {
        return new Order.Backlog(queue.size(), bytes);
    }
}
