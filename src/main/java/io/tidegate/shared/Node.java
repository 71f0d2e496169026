package io.tidegate.shared;

import org.jspecify.annotations.Nullable;

/**
 * A node of a shared feed, as it tells the others of itself.
 *
 * @param name by which operators know it; who starts under the name of another takes its place
 * @param version of its program
 * @param tcp where clients reach its line protocol, {@code host:port}; null if they do not
 * @param http where clients reach it over HTTP, as a URL without a path; null if they do not
 * @param admin where operators and other nodes reach its admin listener, as a URL without a path; null if they do not
 * @param head sequence number of the last update that it has shown
 * @param offset up to which its store has read the log
 * @param isLeaving whether it drains: nobody should come any more
 * @param isReady whether it is up to date, so that clients may come
 */
public record Node(
        String name,
        String version,
        @Nullable String tcp,
        @Nullable String http,
        @Nullable String admin,
        long head,
        long offset,
        boolean isLeaving,
        boolean isReady) {

    /** One that has shown nothing yet. */
    public static Node named(
            String name, String version, @Nullable String tcp, @Nullable String http, @Nullable String admin) {
        return new Node(name, version, tcp, http, admin, 0, 0, false, true);
    }

    /** The same with how far it has come. */
    public Node at(long newHead, long newOffset) {
        return new Node(name, version, tcp, http, admin, newHead, newOffset, isLeaving, isReady);
    }

    /** The same with whether clients should come. */
    public Node standing(boolean leaves, boolean ready) {
        return new Node(name, version, tcp, http, admin, head, offset, leaves, ready);
    }

    /** Whether clients may come. */
    public boolean isOpen() {
        return isReady && !isLeaving;
    }
}
