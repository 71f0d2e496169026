package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.Timing;
import io.tidegate.server.SecureClients;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stops the server under load, at random moments, by every trigger, again and again on the same port and data: whoever reads
 * gets everything, a goodbye and FIN; whoever was told "accepted" was told the truth; whoever does not read delays nobody but
 * the exit, and is reset at the deadline; and the ledger has of each what it saw.
 *
 * <p>In the long version each round has 200 followers of which 50 lag, 10 that closed their side, 5 that never read, 5 that
 * vanish while they are sent a snapshot, and 4 publishers that have 64 changes outstanding when the trigger is pulled.
 */
class StopUnderLoadJourney {

    private static final int ROUNDS = Length.of(4, 50);
    private static final int FOLLOWERS = Length.of(20, 150);
    private static final int LAGGARDS = Length.of(5, 50);
    private static final int HALF_CLOSERS = Length.of(3, 10);
    private static final int NEVER_READERS = Length.of(2, 5);
    private static final int VANISHING = Length.of(2, 5);
    static final int PUBLISHERS = 4;

    /** In each round another one, and each with every trigger. */
    private final List<Way> ways = new ArrayList<>(List.of(Way.PLAIN));

    static final int PACE_PER_SECOND = 250;

    /** A change's number is this much higher than in the round before: no two contents are alike. */
    private static final int CHANGES_IN_A_ROUND = 1_000_000;

    /** In the short version long enough for all who read, however busy the machine is. */
    static final long DRAIN_TIMEOUT_MILLIS = Length.of(20_000, 10_000);

    /** More than the kernel takes over for a client that does not read. */
    private static final int CARGO_DOCUMENTS = 500;

    private static final int BULK_DOCUMENTS = 200;
    private static final int DOCUMENT_BYTES = 10_000;
    private static final long MEBIBYTE = 1 << 20;

    /** Slow enough to be far behind at the trigger, and not through with a snapshot when it vanishes. */
    private static final int SLOW_KIBIBYTES_PER_SECOND = 64;

    private static final Pattern REPORT = Pattern.compile(
            "Drained in ([\\d.]+) s after \\S+: ([\\d,]+) connections completed, ([\\d,]+) aborted, ([\\d,]+) reset by peer;.*"
                    + " last position \\S+:(\\d+)");

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path directory;

    private final History history = new History();
    private final List<Figures> figures = new ArrayList<>();
    private Random random;
    private ServerCommand command;

    @BeforeEach
    void chooseThePort() throws Exception {
        random = seed.random();
        for (String version : List.of(SecureClients.TLS_13, SecureClients.TLS_12)) {
            ways.add(Way.over(version, Files.createDirectory(directory.resolve(version))));
        }
        command = ServerCommand.in(directory.resolve("data"))
                .with("tcp.port", ServerCommand.stablePort(random))
                .with("ledger.entries", 10_000)
                .with("drain.timeout", DRAIN_TIMEOUT_MILLIS + " ms");
    }

    @Test
    void losesNothingAndTellsEverybody() throws Exception {
        fill("bulk", BULK_DOCUMENTS);
        fill("cargo", CARGO_DOCUMENTS);
        for (int number = 0; number < ROUNDS; number++) {
            Trigger.Kind[] triggers = Trigger.Kind.values();
            Way way = ways.get((number + number / triggers.length) % ways.size());
            boolean withNeverReaders = Length.LONG || number % 4 == 1;
            try (var round = new Round(number, triggers[number % triggers.length], way, withNeverReaders)) {
                round.run();
            }
        }
        requireEverythingIsThere();
        System.out.println("medians: " + Figures.medians(figures));
        Timing.onQuietMachine(() -> StopLimits.requireInTimeAsARule(figures));
    }

    private void fill(String collection, int documents) throws Exception {
        try (ServerProcess server = command.start()) {
            InetSocketAddress address = server.awaitAddress();
            Change.Script script = Change.filling(collection, DOCUMENT_BYTES);
            Publisher.publishAll("filler", history, script, documents, 64, address);
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

    /** One life of the server and of its clients. */
    private final class Round implements Closeable {

        private final int number;
        private final String title;
        private final Trigger.Kind kind;
        private final Way way;
        private final boolean withNeverReaders;
        private final ServerProcess server;
        private final InetSocketAddress address;
        private final long acknowledgedBefore = history.acknowledgements();
        private long loadedSinceNanos;
        private final List<Follower> followers = new ArrayList<>();
        private final List<Follower> laggards = new ArrayList<>();
        private final List<Follower> vanishing = new ArrayList<>();
        private final List<NeverReader> neverReaders = new ArrayList<>();
        private final List<Publisher> publishers = new ArrayList<>();
        private final List<Closeable> others = new ArrayList<>();

        Round(int number, Trigger.Kind kind, Way way, boolean withNeverReaders) throws Exception {
            this.number = number;
            this.kind = kind;
            this.way = way;
            this.withNeverReaders = withNeverReaders;
            title = "round " + number + " by " + kind + ", " + way + (withNeverReaders ? " with never-readers" : "");
            server = way.to(command).start();
            address = server.awaitAddress();
        }

        void run() throws Exception {
            try {
                Figures measured = stopUnderLoad();
                System.out.println(title + ": " + measured);
                StopLimits.requireInTime(measured, withNeverReaders ? DRAIN_TIMEOUT_MILLIS : 0);
                figures.add(measured);
            } catch (AssertionError e) {
                throw new AssertionError(title + ": " + e.getMessage() + "\n" + server, e);
            }
        }

        private Figures stopUnderLoad() throws Exception {
            connectClients();
            Prober prober = add(new Prober(address, way));
            try (Trigger trigger = server.trigger(kind);
                    Operator operator = server.operator()) {
                long moment = 300L + random.nextInt(900);
                long now = history.acknowledgements();
                history.awaitAcknowledgements(now + moment / 2);
                vanish();
                history.awaitAcknowledgements(now + moment);
                awaitLagging(operator);
                publishers.forEach(Publisher::burst);
                long triggered = trigger.pull();
                List<CompletableFuture<Long>> resets =
                        neverReaders.stream().map(NeverReader::watch).toList();
                Figures measured = figuresAt(triggered, prober, operator, resets);
                requireEverybodyServed();
                requireReported(measured);
                return measured;
            }
        }

        private void connectClients() throws Exception {
            for (int i = 0; withNeverReaders && i < NEVER_READERS; i++) {
                neverReaders.add(add(new NeverReader(address, way)));
            }
            for (int i = 0; i < VANISHING; i++) {
                vanishing.add(add(slow("vanishing " + i, "follow").connect(address)));
            }
            connectFollowers(0, FOLLOWERS / 2);
            for (int i = 0; i < LAGGARDS; i++) {
                laggards.add(slow("laggard " + i, "updates", "cargo")
                        .fromTheBeginning()
                        .connect(address));
            }
            for (int i = 0; i < HALF_CLOSERS; i++) {
                followers.add(follower("half-closer " + i, i + 1).connectAndHalfClose(address));
            }
            connectPublishers();
            connectFollowers(FOLLOWERS / 2, FOLLOWERS);
            followers.addAll(laggards);
            for (Follower follower : followers) {
                follower.awaitSubscribed();
            }
            laggards.forEach(Follower::stopReading);
        }

        private Follower slow(String name, String verb, String... collections) {
            return Follower.of(name, history, verb, collections)
                    .through(Valve.atKibibytesPerSecond(SLOW_KIBIBYTES_PER_SECOND))
                    .by(way);
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

        private Follower follower(String name, int variety) {
            return varied(name, variety).by(way);
        }

        private Follower varied(String name, int variety) {
            return switch (variety % 10) {
                case 0, 5 -> Follower.of(name, history, "updates");
                case 1, 6 -> Follower.of(name, history, "follow", "orders", "fleet");
                case 2, 7 -> Follower.of(name, history, "updates", "fleet");
                case 3, 8 -> Follower.of(name, history, "follow", "orders");
                case 4 -> Follower.of(name, history, "follow");
                default ->
                    variety == 9
                            ? Follower.of(name, history, "follow").fromTheBeginning()
                            : Follower.of(name, history, "follow", "bulk", "orders");
            };
        }

        private void connectPublishers() throws Exception {
            loadedSinceNanos = System.nanoTime();
            for (int i = 0; i < PUBLISHERS; i++) {
                String name = "publisher-" + i;
                publishers.add(
                        Publisher.paced(name, history, script(name, i % 2 == 0 ? "orders" : "fleet"), PACE_PER_SECOND));
            }
            // One more sends on with each answer, so that at any moment a commit is under way.
            publishers.add(Publisher.unpaced("eager", history, script("eager", "orders"), 2));
            for (Publisher publisher : publishers) {
                publisher.by(way).connect(address);
            }
        }

        private Change.Script script(String publisher, String collection) {
            Change.Script script = Change.changing(publisher, collection);
            return n -> script.change(number * CHANGES_IN_A_ROUND + n);
        }

        /** By a reset of their own, or by one that their kernel answers. */
        private void vanish() throws IOException {
            for (int i = 0; i < vanishing.size(); i++) {
                if (i % 2 == 0) {
                    vanishing.get(i).vanish();
                } else {
                    vanishing.get(i).leave();
                }
            }
        }

        private void awaitLagging(Operator operator) {
            Await.until(() -> operator.open().stream()
                            .filter(open -> open.getStuckMillis() > 0)
                            .count()
                    >= laggards.size() + neverReaders.size());
        }

        private Figures figuresAt(
                long triggered, Prober prober, Operator operator, List<CompletableFuture<Long>> resets)
                throws Exception {
            long acknowledged = history.acknowledgements() - acknowledgedBefore;
            double seconds = (triggered - loadedSinceNanos) / 1e9;
            Prober.Refusal refusal = prober.awaitRefusal();
            // Not before: what they then take in would keep the server's end from the cores.
            laggards.forEach(Follower::hurry);
            long lastEnd = triggered;
            for (Follower follower : followers) {
                lastEnd = Math.max(lastEnd, follower.awaitEnd().atNanos());
            }
            for (Publisher publisher : publishers) {
                publisher.awaitAnswers();
            }
            if (withNeverReaders) {
                requireLedgerAgrees(operator, refusal);
            }
            List<Long> reset = new ArrayList<>();
            for (CompletableFuture<Long> each : resets) {
                reset.add(millis(refusal.refusedNanos(), Background.await(each, "a never-reader's reset")));
            }
            ServerProcess.Exit exit = server.awaitExit();
            return new Figures(
                    Math.round(acknowledged / seconds),
                    refusal.served(),
                    refusal.reset(),
                    millis(triggered, refusal.lastLetInNanos()),
                    millis(triggered, refusal.refusedNanos()),
                    refusal.latenessNanos() / 1000,
                    millis(triggered, lastEnd),
                    reset,
                    millis(triggered, exit.atNanos()),
                    exit.code());
        }

        /** While the never-readers hold up the end there is time to read the ledger. */
        private void requireLedgerAgrees(Operator operator, Prober.Refusal probes) {
            operator.awaitOpen(NEVER_READERS);
            operator.requireTotals(
                    followers.size() + publishers.size() + probes.served(), unsure(probes.reset()), 0, VANISHING);
            followers.forEach(follower -> follower.requireLedgerAgrees(operator));
            publishers.forEach(publisher -> publisher.requireLedgerAgrees(operator));
            assertThat(operator.open()).hasSize(NEVER_READERS).allSatisfy(open -> {
                assertThat(open.getState()).isEqualTo("DRAINING");
                assertThat((CARGO_DOCUMENTS + BULK_DOCUMENTS) * (long) DOCUMENT_BYTES - open.getBytesSent())
                        .as("bytes pending of the snapshot that was asked for")
                        .isGreaterThan(2 * MEBIBYTE);
            });
        }

        /** Who is cut within a handshake has come to the server, and may have ended as anybody. */
        private int unsure(int reset) {
            return way.isPlain() ? 0 : reset;
        }

        private void requireEverybodyServed() throws Exception {
            long finalSeq = history.head();
            for (Follower follower : followers) {
                follower.requireComplete("shutdown", finalSeq);
            }
            for (Publisher publisher : publishers) {
                publisher.requireDrained(finalSeq);
            }
            for (NeverReader neverReader : neverReaders) {
                neverReader.requireNoGoodbye();
            }
            history.verify(finalSeq);
            server.requireNothingToLookAt(withNeverReaders ? "Drain deadline reached" : "Drained");
        }

        private void requireReported(Figures measured) throws InterruptedException {
            Matcher report = server.await(REPORT);
            assertThat(Long.parseLong(report.group(2).replace(",", "")))
                    .as("completed")
                    .isBetween(
                            (long) followers.size() + publishers.size(),
                            (long) followers.size() + publishers.size() + measured.served() + unsure(measured.reset()));
            assertThat(report.group(3)).as("aborted").isEqualTo("" + neverReaders.size());
            assertThat(report.group(4)).as("reset by peer").isEqualTo("0");
            assertThat(Long.parseLong(report.group(5))).as("last position").isEqualTo(history.head());
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
