package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.server.SecureClients;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replaces the server under load, again and again: no client is refused or reset, followers go on where they were, and what
 * was acknowledged is there.
 */
class TakeoverJourney {

    private static final int SWITCHES = Length.of(3, 20);
    private static final int FOLLOWERS = 10;
    private static final int PUBLISHERS = 4;
    private static final int PACE_PER_SECOND = 200;
    private static final int CHANGES_BETWEEN_SWITCHES = 1000;

    private static final Pattern TOOK_OVER = Pattern.compile("Took over from process (\\d+): writes paused for (.+) s");

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path directory;

    private final History history = new History();
    private final List<Closeable> clients = new ArrayList<>();
    private final List<CompletableFuture<?>> returning = new ArrayList<>();

    /** One permit for each client each time that it has come back. */
    private final Semaphore back = new Semaphore(0);

    private ServerCommand command;
    private Way way = Way.PLAIN;
    private Random random;
    private InetSocketAddress address;
    private volatile boolean lastLife;

    @BeforeEach
    void chooseThePort() throws Exception {
        random = seed.random();
        command = ServerCommand.in(directory.resolve("data"))
                .with("tcp.port", ServerCommand.stablePort(random))
                .with("http.port", ServerCommand.stablePort(random))
                .with("tcp.reuse-port", "on");
    }

    /** In plain always, over TLS when there is time. */
    static Stream<String> versions() {
        return Length.LONG ? Stream.of("", SecureClients.TLS_13, SecureClients.TLS_12) : Stream.of("");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void nobodyNoticesButByItsGoodbye(String version) throws Exception {
        way = version.isEmpty() ? Way.PLAIN : Way.over(version, directory);
        command = way.to(command);
        List<Double> pauses = new ArrayList<>();
        ServerProcess server = command.start();
        try {
            address = server.awaitAddress();
            List<Follower> followers = connectFollowers();
            List<Publisher> publishers = connectPublishers();
            awaitEverybody();
            var arrivals = new Arrivals(address, way);
            clients.add(arrivals);
            for (int i = 0; i < SWITCHES; i++) {
                history.awaitAcknowledgements(history.acknowledgements() + CHANGES_BETWEEN_SWITCHES);
                server = replace(server, pauses);
                awaitEverybody();
            }
            history.awaitAcknowledgements(history.acknowledgements() + CHANGES_BETWEEN_SWITCHES);
            Arrivals.Count count = arrivals.end();
            System.out.println(SWITCHES + " takeovers: " + count + ", writes paused for " + pauses + " s, "
                    + history.acknowledgements() + " updates acknowledged");
            endAll(server, followers, publishers);
            assertThat(count.refused()).as("refused").isZero();
            assertThat(count.reset()).as("reset").isZero();
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + server, e);
        } finally {
            for (Closeable client : clients) {
                client.close();
            }
            server.close();
        }
    }

    /** Starts the next server in the place of one, and waits until that one is gone. */
    private ServerProcess replace(ServerProcess server, List<Double> pauses) throws Exception {
        ServerProcess next = command.run("serve", "--takeover");
        try (server) {
            Matcher tookOver = next.await(TOOK_OVER);
            assertThat(Long.parseLong(tookOver.group(1))).isEqualTo(server.pid());
            pauses.add(Double.valueOf(tookOver.group(2)));
            assertThat(server.awaitExit().code()).as("exit code of %s", server).isZero();
            server.awaitLog(" s after takeover: ");
            server.requireNothingToLookAt();
            return next;
        } catch (AssertionError e) {
            next.close();
            throw new AssertionError(e.getMessage() + "\n" + next, e);
        }
    }

    private List<Follower> connectFollowers() throws Exception {
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            String name = "follower " + i;
            Follower follower =
                    switch (i % 3) {
                        case 0 -> Follower.of(name, history, "updates");
                        case 1 -> Follower.of(name, history, "follow");
                        default -> Follower.of(name, history, "follow", "orders");
                    };
            clients.add(follower);
            followers.add(follower);
            returning.add(Background.start(name + " returning", () -> followOn(name, follower)));
        }
        return followers;
    }

    private Void followOn(String name, Follower follower) throws IOException, InterruptedException {
        while (!lastLife) {
            follower.by(way).connect(address).awaitSubscribed();
            back.release();
            Ending ending = follower.awaitEnd();
            requireGoodbye(name, ending);
        }
        return null;
    }

    private static void requireGoodbye(String name, Ending ending) {
        ending.requirePolite(
                name,
                "shutdown",
                ending.goodbye() == null ? -1 : ending.goodbye().number("seq"));
    }

    private void awaitEverybody() throws Exception {
        if (!back.tryAcquire(FOLLOWERS + PUBLISHERS, Background.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            requireNoFailure();
            throw new AssertionError("waited in vain for clients to come back");
        }
    }

    private void requireNoFailure() throws InterruptedException {
        for (CompletableFuture<?> client : returning) {
            if (client.isDone()) {
                Background.await(client, "a client");
            }
        }
    }

    private List<Publisher> connectPublishers() {
        List<Publisher> publishers = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            String name = "publisher-" + i;
            Change.Script script = Change.changing(name, i % 2 == 0 ? "orders" : "fleet");
            Publisher publisher = Publisher.paced(name, history, script, PACE_PER_SECOND);
            clients.add(publisher);
            publishers.add(publisher);
            returning.add(Background.start(name + " returning", () -> publishOn(publisher)));
        }
        return publishers;
    }

    private Void publishOn(Publisher publisher) throws IOException, InterruptedException {
        while (!lastLife) {
            publisher.by(way).connect(address);
            back.release();
            Ending ending = publisher.awaitAnswers();
            if (!lastLife) {
                publisher.requireDrained(
                        ending.goodbye() == null ? -1 : ending.goodbye().number("seq"));
            }
        }
        return null;
    }

    private void endAll(ServerProcess server, List<Follower> followers, List<Publisher> publishers) throws Exception {
        lastLife = true;
        for (Publisher publisher : publishers) {
            publisher.stop();
        }
        for (Publisher publisher : publishers) {
            publisher.requireAllAnswered();
        }
        server.stop(Trigger.Kind.SIGTERM);
        assertThat(server.awaitExit().code()).isZero();
        for (CompletableFuture<?> client : returning) {
            Background.await(client, "a client to end");
        }
        for (Follower follower : followers) {
            follower.requireComplete("shutdown", history.head());
        }
        history.verify(history.head());
        server.requireNothingToLookAt();
    }
}
