package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/**
 * Eight threads publish and others follow while the feed drains: each change is settled exactly once, and all followers saw
 * the same, which is what was accepted, whatever the store does. A failure names its seed; {@code -Dtidegate.seed=…} replays
 * the choices that depend on it.
 */
@Timeout(120)
class FeedStormTest extends FeedFixture {

    private static final int PUBLISHERS = 8;
    private static final int FOLLOWERS = 4;
    private static final int PUBLISHED_BEFORE_THE_DRAIN = 100;
    private static final int ROUNDS = 25;

    private record Published(String key, Publication publication, AtomicInteger settled) {}

    /** Follows until the cursor's end, as a session does: polls after each wakeup. */
    private final class Follower {

        private final Semaphore wakeups = new Semaphore(1);
        private final Wakeup wakeup = new Wakeup(Runnable::run, wakeups::release);
        private final Map<Long, String> seen = new TreeMap<>();
        private final long start;
        private final Subscription subscription;
        private volatile boolean ending;

        Follower(Feed feed) {
            start = feed.head().seq();
            subscription = feed.subscribeAfter(start, Selection.ALL, Steps.EVERY, wakeup);
        }

        CompletableFuture<Follower> start() {
            return CompletableFuture.supplyAsync(this::follow, threads);
        }

        private Follower follow() {
            try {
                boolean over = false;
                while (!over) {
                    over = ending;
                    assertThat(over || wakeups.tryAcquire(60, TimeUnit.SECONDS))
                            .as("woken")
                            .isTrue();
                    wakeup.reset();
                    for (EventLines lines = poll(over); lines != null; lines = poll(over)) {
                        take(lines.bytes().utf8String());
                    }
                }
                return this;
            } catch (InterruptedException | FeedLogException e) {
                throw new AssertionError(e);
            }
        }

        /** At the end it does not wait for the log, but reads on. */
        private @Nullable EventLines poll(boolean toTheEnd) throws FeedLogException, InterruptedException {
            EventLines lines = subscription.poll(300);
            while (lines == null && toTheEnd && !subscription.isLive()) {
                assertThat(wakeups.tryAcquire(60, TimeUnit.SECONDS)).as("woken").isTrue();
                wakeup.reset();
                lines = subscription.poll(300);
            }
            return lines;
        }

        private void take(String lines) {
            for (String line : lines.split("\n", -1)) {
                if (!line.isEmpty()) {
                    String[] words = line.split(" ", 2);
                    long seq = Long.parseLong(words[0]);
                    assertThat(seq).as("next update").isEqualTo(start + seen.size() + 1);
                    seen.put(seq, words[1]);
                }
            }
        }

        void end() {
            ending = true;
            wakeup.signal();
        }
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ExecutorService committer = Executors.newSingleThreadExecutor();
    private final ExecutorService reads = Executors.newFixedThreadPool(2);
    private final List<Follower> followers = new ArrayList<>();
    private final List<CompletableFuture<Follower>> following = new ArrayList<>();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
        committer.shutdownNow();
        reads.shutdownNow();
    }

    private Random random(RepetitionInfo repetition) {
        long seed = Long.getLong("tidegate.seed", repetition.getCurrentRepetition());
        System.out.println("seed " + seed);
        return new Random(seed);
    }

    private Feed feed(Random random) {
        return feed(
                FeedLimits.roomy()
                        .queue(1000, 1 << 30)
                        .commit(1 + random.nextInt(64), 1 << 16)
                        .batch(1 + random.nextInt(64), 1 << 16)
                        .catchUpBytes(1024)
                        .ring(1 << random.nextInt(5), 1 << 16),
                committer,
                reads);
    }

    private CompletableFuture<List<Published>> publish(Feed feed, String name, CountDownLatch underWay) {
        return CompletableFuture.supplyAsync(
                () -> {
                    List<Published> all = new ArrayList<>();
                    boolean draining = false;
                    while (!draining) {
                        while (!feed.hasRoom()) {
                            Thread.onSpinWait();
                        }
                        String key = name + "-" + all.size();
                        var settled = new AtomicInteger();
                        Publication publication = feed.publish(Change.put("c", key, "1"), settled::incrementAndGet);
                        all.add(new Published(key, publication, settled));
                        draining = publication.refusal() == Publication.Refusal.DRAINING;
                        underWay.countDown();
                    }
                    return all;
                },
                threads);
    }

    private void follow(Feed feed) {
        var follower = new Follower(feed);
        followers.add(follower);
        following.add(follower.start());
    }

    /** Publishes and follows until the feed is drained; returns what was published. */
    private List<Published> storm(Feed feed, Runnable afterTheDrainBegan) throws Exception {
        var underWay = new CountDownLatch(PUBLISHERS * PUBLISHED_BEFORE_THE_DRAIN);
        follow(feed);
        List<CompletableFuture<List<Published>>> publishing = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            publishing.add(publish(feed, "p" + i, underWay));
        }
        for (int i = 1; i < FOLLOWERS; i++) {
            follow(feed);
        }
        assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();
        var drained = feed.drain().toCompletableFuture();
        afterTheDrainBegan.run();
        long head = drained.get(60, TimeUnit.SECONDS);
        assertThat(feed.head().seq()).isEqualTo(head);
        List<Published> all = new ArrayList<>();
        for (var each : publishing) {
            all.addAll(each.get(60, TimeUnit.SECONDS));
        }
        followers.forEach(Follower::end);
        for (var each : following) {
            Follower follower = each.get(60, TimeUnit.SECONDS);
            assertThat(follower.subscription.seq()).as("where a follower ended").isEqualTo(head);
        }
        return all;
    }

    private Map<Long, String> requireEachSettledOnce(List<Published> all) {
        Map<Long, String> accepted = new TreeMap<>();
        for (Published each : all) {
            assertThat(each.settled()).as(each.key()).hasValue(1);
            if (each.publication().refusal() == null) {
                String before = accepted.put(each.publication().seq(), "c/" + each.key() + " 1");
                assertThat(before).as("number " + each.publication().seq()).isNull();
            }
        }
        return accepted;
    }

    private void requireAllSaw(Map<Long, String> accepted) {
        for (Follower follower : followers) {
            Map<Long, String> owed = new TreeMap<>(accepted);
            owed.keySet().removeIf(seq -> seq <= follower.start);
            assertThat(follower.seen).isEqualTo(owed);
        }
    }

    private List<Long> numbersInTheLog() {
        return log.batches().stream()
                .flatMap(batch -> LongStream.rangeClosed(batch.firstSeq(), batch.lastSeq())
                        .boxed())
                .toList();
    }

    @RepeatedTest(ROUNDS)
    void whatIsAcceptedIsSeenByAll(RepetitionInfo repetition) throws Exception {
        Feed feed = feed(random(repetition));

        Map<Long, String> accepted = requireEachSettledOnce(storm(feed, () -> {}));

        requireAllSaw(accepted);
        assertThat(numbersInTheLog()).containsExactlyElementsOf(accepted.keySet());
    }

    @RepeatedTest(ROUNDS)
    void whatAFailingStoreRefusesIsSeenByNobody(RepetitionInfo repetition) throws Exception {
        Random random = random(repetition);
        Feed feed = feed(random);
        int first = 1 + random.nextInt(8);
        int count = 1 + random.nextInt(5);
        var appends = new AtomicInteger();
        log.beforeAppend(() -> {
            int append = appends.incrementAndGet();
            boolean fails = append >= first && append < first + count;
            log.failAppends(fails ? new FeedLogException("append " + append + " failed") : null);
        });

        List<Published> all = storm(feed, () -> {});

        Map<Long, String> accepted = requireEachSettledOnce(all);
        requireAllSaw(accepted);
        assertThat(numbersInTheLog()).containsExactlyElementsOf(accepted.keySet());
        assertThat(all.stream().filter(each -> each.publication().refusal() == Publication.Refusal.STORE_FAILED))
                .isNotEmpty();
    }

    @RepeatedTest(ROUNDS)
    void whatAnAbandonedCommitHeldIsSeenByNobody(RepetitionInfo repetition) throws Exception {
        Random random = random(repetition);
        Feed feed = feed(random);
        int stuckFrom = 1 + random.nextInt(8);
        var stuck = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var appends = new AtomicInteger();
        log.beforeAppend(() -> {
            if (appends.incrementAndGet() == stuckFrom) {
                stuck.countDown();
                await(release);
            }
        });

        List<Published> all = storm(feed, () -> {
            await(stuck);
            if (random.nextBoolean()) {
                // Both at once: whoever comes first decides.
                release.countDown();
            }
            feed.abandon();
        });
        long head = feed.head().seq();
        release.countDown();
        committer.shutdown();
        assertThat(committer.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        Map<Long, String> accepted = requireEachSettledOnce(all);
        requireAllSaw(accepted);
        assertThat(feed.head().seq()).isEqualTo(head);
        assertThat(numbersInTheLog().subList(0, accepted.size())).containsExactlyElementsOf(accepted.keySet());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
