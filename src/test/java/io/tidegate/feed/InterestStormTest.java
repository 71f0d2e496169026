package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Followers on threads of their own that sleep until they are woken, and change what they follow, while changes are committed: a
 * wakeup that gets lost leaves one asleep, and an update that gets lost is missed.
 */
class InterestStormTest {

    /** Keys that followers choose from; there is one more, which all follow. */
    private static final int KEYS = 12;

    private static final int EVERYBODYS = KEYS;
    private static final int GROUPS = 1500;
    private static final int MOST_IN_A_GROUP = 4;
    private static final int FOLLOWERS = 6;
    private static final long PATIENCE_MILLIS = 20_000;

    private final long seed = Long.getLong("tidegate.seed", System.nanoTime());
    private final ExecutorService commits = Executors.newSingleThreadExecutor();
    private final ExecutorService turns = Executors.newSingleThreadExecutor();
    private final ExecutorService reads = Executors.newFixedThreadPool(2);
    private final Feed feed = new Feed(
            new MemoryFeedLog(),
            FeedLimits.roomy().ring(64, 1 << 20).settings(),
            TextEncoder.quotingKeys(),
            commits,
            reads,
            turns::execute,
            CommitObserver.NONE);

    /** The key of each update, by its number. */
    private final int[] keyOf = new int[1 + MOST_IN_A_GROUP * GROUPS];

    private final Object arrivals = new Object();

    @AfterEach
    void stop() {
        commits.shutdownNow();
        turns.shutdownNow();
        reads.shutdownNow();
    }

    private static Selector.One selector(int key) {
        return new Selector.One(new Collection("c"), new Key("k" + key));
    }

    private static Selection anySelection(Random random) {
        return Selection.of(IntStream.concat(random.ints(random.nextInt(3), 0, KEYS), IntStream.of(EVERYBODYS))
                .mapToObj(InterestStormTest::selector)
                .toList());
    }

    private final class Follower extends Thread {

        private final Random random;
        private final Semaphore signalled = new Semaphore(0);
        private final Wakeup wakeup = new Wakeup(Runnable::run, signalled::release);
        private Selection selection;
        private Subscription cursor;
        private long seq;
        private @Nullable String complaint;

        Follower(long seed) {
            random = new Random(seed);
            selection = anySelection(random);
            cursor = feed.subscribeAfter(0, selection, Steps.EVERY, wakeup);
        }

        @Override
        public void run() {
            try {
                while (true) {
                    turn();
                    synchronized (arrivals) {
                        arrivals.notifyAll();
                    }
                    signalled.acquire();
                }
            } catch (InterruptedException e) {
                cursor.close();
            } catch (FeedLogException e) {
                complain(e.toString());
            }
        }

        private void complain(String what) {
            synchronized (arrivals) {
                complaint = what;
            }
        }

        /** Under the monitor of the arrivals. */
        boolean hasArrived(long at) {
            return seq >= at || complaint != null;
        }

        private void turn() throws FeedLogException {
            wakeup.reset();
            for (EventLines lines = cursor.poll(4096); lines != null; lines = cursor.poll(4096)) {
                check(cursor.seq(), lines.bytes().utf8String());
            }
            check(cursor.seq(), "");
            if (random.nextInt(4) == 0) {
                Selection next = anySelection(random);
                check(cursor.select(next), "");
                selection = next;
            } else if (random.nextInt(8) == 0) {
                cursor.close();
                cursor = feed.subscribeAfter(seq, selection, Steps.EVERY, wakeup);
                wakeup.signal();
            }
        }

        private void check(long after, String lines) {
            var expected = new StringBuilder();
            for (long at = seq + 1; at <= after; at++) {
                int key = keyOf[(int) at];
                if (selection.given().contains(selector(key))) {
                    expected.append(at).append(" c/\"k").append(key).append("\" 1\n");
                }
            }
            if (!lines.contentEquals(expected)) {
                complain("after " + seq + " up to " + after + " for " + selection + ": " + lines + ", not " + expected);
            }
            synchronized (arrivals) {
                seq = after;
            }
        }
    }

    @Test
    void nobodyMissesWhatConcernsItWhileInterestsComeAndGo() throws InterruptedException {
        var random = new Random(seed);
        List<Follower> followers = IntStream.range(0, FOLLOWERS)
                .mapToObj(i -> new Follower(seed + i))
                .toList();
        followers.forEach(Thread::start);

        long last = 0;
        for (int group = 0; group < GROUPS; group++) {
            int count = random.nextInt(MOST_IN_A_GROUP);
            for (int key : random.ints(count, 0, KEYS).toArray()) {
                publish(++last, key);
            }
            publish(++last, EVERYBODYS);
            // Nothing more is committed that would wake those whose wakeup was lost.
            awaitAll(followers, last);
        }

        for (Follower follower : followers) {
            follower.interrupt();
            follower.join();
        }
        assertThat(followers).as("seed %s", seed).allSatisfy(follower -> assertThat(follower.complaint)
                .isNull());
    }

    private void publish(long seq, int key) {
        keyOf[(int) seq] = key;
        var unused = feed.publish(Change.put("c", "k" + key, "1"), () -> {});
    }

    private void awaitAll(List<Follower> followers, long seq) throws InterruptedException {
        long giveUpAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        synchronized (arrivals) {
            while (!followers.stream().allMatch(follower -> follower.hasArrived(seq))) {
                assertThat(System.nanoTime())
                        .as("asleep before %s, seed %s", seq, seed)
                        .isLessThan(giveUpAt);
                arrivals.wait(PATIENCE_MILLIS);
            }
        }
    }
}
