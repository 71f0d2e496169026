package io.tidegate.cli.bench;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many updates were published, by each publisher to each selection, and how many deliveries these are. Written by the
 * publishers' thread before an update is sent, read by any.
 */
final class Published {

    private final Documents documents;
    private final int followers;

    /** By selection, then by publisher; the last one is of those documents that are in none. */
    private final AtomicLongArray[] counts;

    private final AtomicLong deliveries = new AtomicLong();

    /**
     * Nothing is published yet.
     *
     * @param followers how many share the selections, in turn
     */
    Published(Documents documents, int followers, int publishers) {
        this.documents = documents;
        this.followers = followers;
        counts = new AtomicLongArray[documents.selections() + 1];
        Arrays.setAll(counts, selection -> new AtomicLongArray(publishers));
    }

    /** Counts one more; returns its number among those of its publisher and selection. */
    long add(long document, int publisher) {
        int selection = documents.selection(document);
        AtomicLongArray selected = counts[selection < 0 ? counts.length - 1 : selection];
        long number = selected.getPlain(publisher);
        selected.setRelease(publisher, number + 1);
        if (selection >= 0) {
            deliveries.setRelease(deliveries.getPlain() + followers(selection));
        }
        return number;
    }

    /** How many have a selection: the first ones may have one more than the others. */
    private int followers(int selection) {
        int selections = documents.selections();
        return followers / selections + (selection < followers % selections ? 1 : 0);
    }

    /** To each selection, by publisher. */
    AtomicLongArray to(int selection) {
        return counts[selection];
    }

    /** What all followers together have to receive of it. */
    long deliveries() {
        return deliveries.get();
    }
}
