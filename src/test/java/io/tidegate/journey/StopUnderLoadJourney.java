package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stops the server under load, at random moments, by every trigger, again and again on the same port and data: whoever reads
 * gets everything, a goodbye and FIN; whoever was told "accepted" was told the truth; whoever does not read delays nobody but
 * the exit.
 */
class StopUnderLoadJourney {

    private static final int ROUNDS = Length.of(4, 30);
    private static final int FOLLOWERS = 20;
    private static final int HALF_CLOSERS = 3;
    private static final int PUBLISHERS = 4;
    private static final int PACE_PER_SECOND = 300;
    private static final int REQUIRED_PER_SECOND = 250;

    private static final long REFUSED_WITHIN_MILLIS = 100;

    /** What a machine that is busy with other things may add in single rounds; the median must do without. */
    private static final long BUSY_MACHINE_MILLIS = 200;

    private static final long GONE_WITHIN_MILLIS = 1000;
    private static final long DRAIN_TIMEOUT_MILLIS = 2000;

    /** Together more than the kernel takes over for a client that does not read. */
    private static final int BULK_DOCUMENTS = 1000;

    private static final int BULK_BYTES = 10_000;

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path directory;

    private final History history = new History();
    private final List<Long> lettingIn = new ArrayList<>();
    private Random random;
    private ServerCommand command;

    @BeforeEach
    void chooseThePort() throws Exception {
        random = seed.random();
        command = ServerCommand.in(directory.resolve("data"))
                .with("tcp.port", ServerCommand.stablePort(random))
                .with("drain.timeout", DRAIN_TIMEOUT_MILLIS + " ms");
    }

    @Test
    void losesNothingAndTellsEverybody() throws Exception {
        fill();
        for (int number = 0; number < ROUNDS; number++) {
            Trigger.Kind[] triggers = Trigger.Kind.values();
            boolean withNeverReader = number % 4 == 1;
            try (var round = new Round(number, triggers[number % triggers.length], withNeverReader)) {
                round.run();
            }
        }
        requireEverythingIsThere();
        assertThat(median(lettingIn)).as("last let in, median of %s", lettingIn).isLessThan(REFUSED_WITHIN_MILLIS);
    }

    private static long median(List<Long> values) {
        return values.stream()
                .sorted()
                .skip((values.size() - 1) / 2)
                .findFirst()
                .orElseThrow();
    }

    private void fill() throws Exception {
        try (ServerProcess server = command.start()) {
            InetSocketAddress address = server.awaitAddress();
            Publisher.publishAll("filler", history, Change.filling("bulk", BULK_BYTES), BULK_DOCUMENTS, 64, address);
            server.stop(Trigger.Kind.SIGTERM);
            assertThat(server.awaitExit().code()).isZero();
        }
    }

    private void requireEverythingIsThere() throws Exception {
        try (ServerProcess server = command.start();
                var follower = Follower.of("last", history, "sync").connect(server.awaitAddress())) {
            follower.requireComplete("quit", history.head());
            assertThat(follower.syncedSeq()).isEqualTo(history.head());
            server.stop(Trigger.Kind.SIGTERM);
            assertThat(server.awaitExit().code()).isZero();
        }
    }

    private static long millis(long from, long to) {
        return (to - from) / 1_000_000;
    }

    /**
     * What was measured in a round; the times are milliseconds from the trigger.
     *
     * @param perSecond acknowledgements per second before the trigger
     * @param served probing connections that were served
     * @param reset probing connections that still waited to be accepted when the listener closed
     * @param lastLetIn when the last connection that was not refused was asked for
     * @param refused when the first connection was refused
     * @param lastGoodbye when the last follower had its goodbye and FIN
     * @param gone when the process was gone
     * @param exitCode of the process
     */
    private record Figures(
            long perSecond,
            int served,
            int reset,
            long lastLetIn,
            long refused,
            long lastGoodbye,
            long gone,
            int exitCode) {

        void requireInTime(boolean withNeverReader) {
            long held = withNeverReader ? DRAIN_TIMEOUT_MILLIS : 0;
            assertThat(exitCode).as("exit code").isEqualTo(withNeverReader ? 3 : 0);
            assertThat(perSecond).as("load").isGreaterThan(PUBLISHERS * REQUIRED_PER_SECOND);
            assertThat(lastLetIn).as("last let in").isLessThan(REFUSED_WITHIN_MILLIS + BUSY_MACHINE_MILLIS);
            assertThat(lastGoodbye).as("last goodbye").isLessThan(GONE_WITHIN_MILLIS);
            assertThat(gone).as("gone").isBetween(held, held + GONE_WITHIN_MILLIS);
        }
    }

    /** One life of the server and of its clients. */
    private final class Round implements Closeable {

        private final String title;
        private final Trigger.Kind kind;
        private final boolean withNeverReader;
        private final ServerProcess server;
        private final InetSocketAddress address;
        private final long acknowledgedBefore = history.acknowledgements();
        private long loadedSinceNanos;
        private final List<Follower> followers = new ArrayList<>();
        private final List<Publisher> publishers = new ArrayList<>();
        private final List<Closeable> others = new ArrayList<>();

        Round(int number, Trigger.Kind kind, boolean withNeverReader) throws Exception {
            this.kind = kind;
            this.withNeverReader = withNeverReader;
            title = "round " + number + " by " + kind + (withNeverReader ? " with a never-reader" : "");
            server = command.start();
            address = server.awaitAddress();
        }

        void run() throws Exception {
            try {
                Figures figures = stopUnderLoad();
                System.out.println(title + ": " + figures);
                figures.requireInTime(withNeverReader);
                lettingIn.add(figures.lastLetIn());
            } catch (AssertionError e) {
                throw new AssertionError(title + ": " + e.getMessage() + "\n" + server, e);
            }
        }

        private Figures stopUnderLoad() throws Exception {
            NeverReader neverReader = withNeverReader ? add(new NeverReader(address)) : null;
            // Too slow to be through with its snapshot when it vanishes.
            Follower vanishing =
                    add(Follower.of("vanishing", history, "follow").through(Valve.atMebibytesPerSecond(1)));
            vanishing.connect(address);
            connectFollowers(0, FOLLOWERS / 2);
            connectHalfClosers();
            connectPublishers();
            connectFollowers(FOLLOWERS / 2, FOLLOWERS);
            for (Follower follower : followers) {
                follower.awaitSubscribed();
            }
            Prober prober = add(new Prober(address));
            try (Trigger trigger = server.trigger(kind)) {
                long moment = 300L + random.nextInt(900);
                long now = history.acknowledgements();
                history.awaitAcknowledgements(now + moment / 2);
                vanishing.vanish();
                history.awaitAcknowledgements(now + moment);
                long triggered = trigger.pull();
                Figures figures = figuresAt(triggered, prober);
                requireEverybodyServed();
                if (neverReader != null) {
                    neverReader.requireReset();
                }
                return figures;
            }
        }

        private <T extends Closeable> T add(T client) {
            others.add(client);
            return client;
        }

        private void connectFollowers(int from, int to) throws Exception {
            for (int i = from; i < to; i++) {
                followers.add(follower("follower " + i, i).connect(address));
            }
        }

        private void connectHalfClosers() throws Exception {
            for (int i = 0; i < HALF_CLOSERS; i++) {
                followers.add(follower("half-closer " + i, i + 1).connectAndHalfClose(address));
            }
        }

        private Follower follower(String name, int variety) {
            return switch (variety % 5) {
                case 0 -> Follower.of(name, history, "updates");
                case 1 -> Follower.of(name, history, "follow", "orders", "fleet");
                case 2 -> Follower.of(name, history, "updates", "fleet");
                case 3 -> Follower.of(name, history, "follow", "orders");
                default ->
                    variety == 4
                            ? Follower.of(name, history, "follow").fromTheBeginning()
                            : Follower.of(name, history, "follow");
            };
        }

        private void connectPublishers() throws Exception {
            loadedSinceNanos = System.nanoTime();
            for (int i = 0; i < PUBLISHERS; i++) {
                String name = publisherName(i);
                Change.Script script = Change.changing(name, i % 2 == 0 ? "orders" : "fleet");
                publishers.add(Publisher.paced(name, history, script, PACE_PER_SECOND));
            }
            // One more sends on with each answer, so that at any moment a commit is under way.
            String eager = publisherName(PUBLISHERS);
            publishers.add(Publisher.unpaced(eager, history, Change.changing(eager, "orders"), 2));
            for (Publisher publisher : publishers) {
                publisher.connect(address);
            }
        }

        private String publisherName(int number) {
            return title.replace(' ', '-') + "-publisher-" + number;
        }

        private Figures figuresAt(long triggered, Prober prober) throws InterruptedException {
            long acknowledged = history.acknowledgements() - acknowledgedBefore;
            double seconds = (triggered - loadedSinceNanos) / 1e9;
            Prober.Refusal refusal = prober.awaitRefusal();
            long lastEnd = triggered;
            for (Follower follower : followers) {
                lastEnd = Math.max(lastEnd, follower.awaitEnd().atNanos());
            }
            ServerProcess.Exit exit = server.awaitExit();
            return new Figures(
                    Math.round(acknowledged / seconds),
                    refusal.served(),
                    refusal.reset(),
                    millis(triggered, refusal.lastLetInNanos()),
                    millis(triggered, refusal.refusedNanos()),
                    millis(triggered, lastEnd),
                    millis(triggered, exit.atNanos()),
                    exit.code());
        }

        private void requireEverybodyServed() throws InterruptedException {
            long finalSeq = history.head();
            for (Follower follower : followers) {
                follower.requireComplete("shutdown", finalSeq);
            }
            for (Publisher publisher : publishers) {
                publisher.requireDrained(finalSeq);
            }
            history.verify(finalSeq);
            server.requireNothingToLookAt(withNeverReader ? "Drain deadline reached" : "Drained");
        }

        @Override
        public void close() throws IOException {
            for (Follower follower : followers) {
                follower.close();
            }
            for (Publisher publisher : publishers) {
                publisher.close();
            }
            for (Closeable other : others) {
                other.close();
            }
            server.close();
        }
    }
}
