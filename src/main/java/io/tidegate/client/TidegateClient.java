package io.tidegate.client;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A program's way to a server: what it follows, and what it publishes.
 *
 * <p>Connections that are lost are made again, in the slot and at the nodes that the server named, and everything goes on where it was. Each
 * follower has a connection and a thread of its own; all that is published goes over one more. By any thread.
 */
public final class TidegateClient implements AutoCloseable {

    private static final String PLAIN = "tcp";
    private static final String SECURE = "tls";

    private static final AtomicInteger THREADS = new AtomicInteger();

    private final Connections connections;
    private final Supplier<Credentials> credentials;
    private final Set<FollowSubscription> followers = ConcurrentHashMap.newKeySet();
    private final Publications publications;
    private volatile boolean isClosed;

    private TidegateClient(Connections connections, Supplier<Credentials> credentials) {
        this.connections = connections;
        this.credentials = credentials;
        publications = new Publications(connections, credentials);
    }

    /**
     * Of a server that is reached in plain, and to which it is nobody in particular. Does not wait for it.
     *
     * @param server such as {@code tcp://127.0.0.1:8989}
     * @throws IllegalArgumentException if that is no such address
     */
    public static TidegateClient connect(URI server) {
        return connect(server, () -> Credentials.NONE);
    }

    /**
     * Of a server, to which it shows who it is. Does not wait for it.
     *
     * @param server such as {@code tls://feed.example:8989}
     * @param credentials asked for each connection, and when the server says that the identity is about to end: a new token is shown
     * @throws IllegalArgumentException if that is no such address
     */
    public static TidegateClient connect(URI server, Supplier<Credentials> credentials) {
        boolean isSecure = SECURE.equals(server.getScheme());
        if ((!isSecure && !PLAIN.equals(server.getScheme())) || server.getHost() == null || server.getPort() < 0) {
            throw new IllegalArgumentException(
                    "no address of a server: " + server + ": it is tcp://host:port, or tls://host:port");
        }
        if (isSecure != (credentials.get().tls() != null)) {
            throw new IllegalArgumentException(
                    isSecure
                            ? "the credentials do not say who confirms a server at tls://: give them an SSLContext"
                            : "the credentials are for TLS: the address of such a server begins with tls://");
        }
        return new TidegateClient(new Connections(server.getHost() + ":" + server.getPort()), credentials);
    }

    /**
     * What becomes of documents: first as they are, then each update as it comes.
     *
     * <p>Each subscriber has all of it, and may be as slow as it likes: what it does not ask for is neither read nor kept here. It ends with
     * an error if the server refuses it, and is complete when this client is closed.
     */
    public Flow.Publisher<Event> follow(Selection selection) {
        return following(new FollowRequest(false, false, words(selection)));
    }

    /**
     * As {@link #follow}, but of updates for which the subscriber was too slow, or away, only the newest of each document come, without a
     * word: what it has is that of one position when it has asked for all, and {@link Event.Current} has come.
     */
    public Flow.Publisher<Event> followLatest(Selection selection) {
        return following(new FollowRequest(false, true, words(selection)));
    }

    /** The documents themselves, always as they are. */
    public LiveMap live(Selection selection) {
        var map = new LiveMap();
        follow(selection).subscribe(map.subscriber());
        return map;
    }

    /**
     * Publishes a change, and sends it again over lost connections until it is known what became of it; it takes effect once.
     *
     * <p>Changes of one client take their places in the order in which they are published. Waits where too many are on their way.
     *
     * @return the position where it is durable; fails with {@link PublishFailedException}
     */
    public CompletionStage<Position> publish(Change change) {
        return publications.publish(change);
    }

    private Flow.Publisher<Event> following(FollowRequest request) {
        return subscriber -> {
            Objects.requireNonNull(subscriber);
            start(subscriber, request);
        };
    }

    private void start(Flow.Subscriber<? super Event> subscriber, FollowRequest request) {
        var subscription = new FollowSubscription(subscriber, request, connections, credentials);
        followers.add(subscription);
        if (isClosed) {
            subscription.complete();
        }
        start("tidegate-follow-" + THREADS.incrementAndGet(), () -> {
            try {
                subscription.run();
            } finally {
                followers.remove(subscription);
            }
        });
    }

    /** A thread that does not keep the program alive. */
    static void start(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** As the end of a request, from its space on. */
    private static String words(Selection selection) {
        if (selection.isAll()) {
            return "";
        }
        return selection.isNone()
                ? " none"
                : selection.given().stream().map(selector -> " " + selector).collect(Collectors.joining());
    }

    /** Completes all followers, and waits a moment for the answers to what was published. */
    @Override
    public void close() {
        isClosed = true;
        followers.forEach(FollowSubscription::complete);
        publications.close();
    }
}
