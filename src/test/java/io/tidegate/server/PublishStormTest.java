package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight threads publish through one server while clients come, stall and go, until the server drains: each publish ends once,
 * with a position that every follower saw, or with a failure, and then nobody saw it. A failure names its seed; {@code
 * -Dtidegate.seed=…} replays the choices that depend on it.
 */
@Timeout(90)
class PublishStormTest {

    private static final int ROUNDS = 10;
    private static final int PUBLISHERS = 8;
    private static final int FOLLOWERS = 12;
    private static final int STALLED_BYTES = 4096;
    private static final String VALUE = "\"" + "x".repeat(2000) + "\"";
    private static final Pattern PUT =
            Pattern.compile("\\{\"event\":\"put\",\"seq\":(\\d+),\"collection\":\"c\",\"key\":\"([^\"]+)\",.*\\}");
    private static final Pattern AT = Pattern.compile(
            "\\{\"event\":\"(subscribed|synced|goodbye)\",(?:\"reason\":\"shutdown\",)?\"epoch\":\"[^\"]+\",\"seq\":(\\d+).*\\}");
    private static final Pattern DOCUMENT =
            Pattern.compile("\\{\"event\":\"document\",\"collection\":\"c\",\"key\":\"([^\"]+)\",.*\\}");

    private static final List<Kind> KINDS = List.of(Kind.values());

    private enum Kind {
        STAYS,
        STALLS,
        LEAVES,
        VANISHES
    }

    /** A client that follows; what it saw is checked when it has ended. */
    private final class Follower {

        private final String name;
        private final Kind kind;
        private final String verb;
        private final int patience;
        private final Set<String> documents = new HashSet<>();
        private final Map<Long, String> seen = new TreeMap<>();
        private long start = -1;
        private long goodbye = -1;
        private boolean caughtUp;
        private int lines;

        Follower(int number, Random random) {
            kind = KINDS.get(random.nextInt(KINDS.size()));
            verb = random.nextBoolean() ? "follow" : "updates";
            patience = 1 + random.nextInt(300);
            name = "follower " + number + ", which " + kind + " after " + patience + ", " + verb;
        }

        Follower run() {
            try (var client = way.client(server, kind == Kind.STALLS ? STALLED_BYTES : 0)) {
                client.send(verb);
                for (String line = client.read(); line != null; line = client.read()) {
                    take(line);
                    if (++lines == patience && !goesOn(client)) {
                        return this;
                    }
                }
                return this;
            } catch (IOException e) {
                // Who comes too late is refused, or reset while it waits to be accepted.
                assertThat(lines).as("%s: lines before %s", name, e).isZero();
                return this;
            } catch (InterruptedException e) {
                throw new AssertionError(name, e);
            }
        }

        private boolean goesOn(LineClient client) throws SocketException, InterruptedException {
            if (kind == Kind.STALLS) {
                assertThat(drainBegan.await(60, TimeUnit.SECONDS)).isTrue();
            } else if (kind == Kind.VANISHES) {
                client.socket().setSoLinger(true, 0);
            }
            return kind == Kind.STAYS || kind == Kind.STALLS;
        }

        private void take(String line) {
            Matcher put = PUT.matcher(line);
            Matcher at = AT.matcher(line);
            Matcher document = DOCUMENT.matcher(line);
            assertThat(goodbye)
                    .as("%s: goodbye is last, but then came %s", name, line)
                    .isEqualTo(-1);
            if (put.matches()) {
                long seq = Long.parseLong(put.group(1));
                assertThat(seq).as(name).isEqualTo(start + seen.size() + 1);
                seen.put(seq, put.group(2));
            } else if (document.matches()) {
                assertThat(documents.add(document.group(1))).as(line).isTrue();
            } else if (at.matches() && at.group(1).equals("goodbye")) {
                goodbye = Long.parseLong(at.group(2));
            } else if (line.contains("\"event\":\"caughtup\"")) {
                assertThat(caughtUp).as("%s has caught up again", name).isFalse();
                caughtUp = true;
            } else if (!line.contains("\"event\":\"snapshot\"")) {
                assertThat(at.matches()).as("%s: %s", name, line).isTrue();
                start = Long.parseLong(at.group(2));
            }
        }

        /** What it has to have: the accepted changes up to where it is, the first of them perhaps as documents. */
        void requireSaw(NavigableMap<Long, String> accepted, long head) {
            boolean stayed = kind == Kind.STAYS || kind == Kind.STALLS;
            if (stayed && lines > 0) {
                assertThat(goodbye).as("%s: goodbye", name).isEqualTo(head);
            }
            if (start < 0) {
                return;
            }
            long end = stayed || goodbye >= 0 ? head : start + seen.size();
            assertThat(seen).as(name).isEqualTo(accepted.subMap(start, false, end, true));
            if (verb.equals("follow")) {
                assertThat(documents)
                        .as(name)
                        .isEqualTo(new HashSet<>(accepted.headMap(start, true).values()));
            }
        }
    }

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    private final CountDownLatch drainBegan = new CountDownLatch(1);

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private Tidegate server;

    @SuppressWarnings("NullAway.Init")
    private Way way;

    /** The version of TLS that followers speak, with tokens on; empty for neither. */
    String tls() {
        return "";
    }

    private Tidegate start(String... settings) throws Exception {
        way = new Way(tls(), directory);
        return TestServer.start(directory, String.join("\n", settings), way.settings());
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        server.force("test over");
        server.close();
    }

    /** Publishes with so many outstanding until it is refused; what was accepted, by its number. */
    private Map<Long, String> publish(String name, int window, CountDownLatch accepting) {
        var room = new Semaphore(window);
        Map<Long, String> accepted = new ConcurrentHashMap<>();
        List<CompletableFuture<Position>> results = new ArrayList<>();
        while (results.isEmpty() || !results.get(results.size() - 1).isCompletedExceptionally()) {
            room.acquireUninterruptibly();
            String key = name + "-" + results.size();
            var outcome = new AtomicInteger();
            outcomes.put(key, outcome);
            CompletableFuture<Position> result =
                    server.publish(Change.put("c", key, VALUE)).toCompletableFuture();
            results.add(result.whenComplete((position, failure) -> {
                outcome.incrementAndGet();
                room.release();
                if (failure == null) {
                    accepted.put(position.seq(), key);
                    accepting.countDown();
                }
            }));
        }
        results.forEach(PublishStormTest::awaitOutcome);
        return accepted;
    }

    private static void awaitOutcome(CompletableFuture<Position> result) {
        try {
            Position unused = result.orTimeout(60, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(DrainingException.class);
        }
    }

    @RepeatedTest(ROUNDS)
    void everyPublishEndsOnceAndFollowersSawWhatWasAccepted(RepetitionInfo repetition) throws Exception {
        long seed = Long.getLong("tidegate.seed", repetition.getCurrentRepetition());
        try {
            storm(new Random(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("replay it with -Dtidegate.seed=" + seed, e);
        }
    }

    private void storm(Random random) throws Exception {
        // A ring of a few batches: who stalls is served from the log.
        server = start("tidegate.feed.ring.batches = 16", "tidegate.feed.batch.updates = 16");
        List<CompletableFuture<Follower>> following = new ArrayList<>();
        int early = random.nextInt(FOLLOWERS);
        for (int i = 0; i < early; i++) {
            following.add(follow(i, random));
        }
        var accepting = new CountDownLatch(200 + random.nextInt(2000));
        List<CompletableFuture<Map<Long, String>>> publishing = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            String name = "p" + i;
            int window = 1 + random.nextInt(64);
            publishing.add(CompletableFuture.supplyAsync(() -> publish(name, window, accepting), threads));
        }
        for (int i = early; i < FOLLOWERS; i++) {
            following.add(follow(i, random));
        }
        assertThat(accepting.await(60, TimeUnit.SECONDS)).isTrue();

        var report = server.drain("storm").toCompletableFuture();
        drainBegan.countDown();

        var accepted = new TreeMap<Long, String>();
        for (var each : publishing) {
            accepted.putAll(each.get(60, TimeUnit.SECONDS));
        }
        long head = report.get(60, TimeUnit.SECONDS).position().seq();
        assertThat(accepted.keySet()).as("positions without a gap").hasSize((int) head);
        assertThat(accepted.lastKey()).isEqualTo(head);
        assertThat(report.join().updates()).isEqualTo(head);
        assertThat(report.join().aborted()).isZero();
        assertThat(outcomes).allSatisfy((key, count) -> assertThat(count).hasValue(1));
        for (var each : following) {
            each.get(60, TimeUnit.SECONDS).requireSaw(accepted, head);
        }
        requireTheStoreHas(accepted, head);
    }

    private CompletableFuture<Follower> follow(int number, Random random) {
        var follower = new Follower(number, random);
        return CompletableFuture.supplyAsync(follower::run, threads);
    }

    private void requireTheStoreHas(NavigableMap<Long, String> accepted, long head) throws Exception {
        server = start();
        assertThat(server.position().seq()).isEqualTo(head);
        try (var client = way.client(server)) {
            Set<String> keys = new HashSet<>();
            for (String line : client.send("sync", "quit").rest()) {
                Matcher document = DOCUMENT.matcher(line);
                if (document.matches()) {
                    keys.add(document.group(1));
                }
            }
            assertThat(keys).isEqualTo(new HashSet<>(accepted.values()));
        }
    }
}
