package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Timing;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A follower stops reading under load, falls out of the ring, and reads on: it gets every update, once, in order, while the
 * others notice nothing and the server's memory stays bounded.
 */
class SlowReaderJourney {

    private static final Duration PAUSE = Duration.ofSeconds(Length.of(5, 60));
    private static final int PUBLISHERS = 4;
    private static final int PACE_PER_SECOND = 1000;
    private static final int VALUE_BYTES = 1500;

    private static final int HEAP_MEBIBYTES = 128;
    private static final int MOST_MEBIBYTES = 400;

    /** More than the ring and the kernel's buffers together: the rest can only come from the log. */
    private static final int LEAST_BEHIND_BYTES = 10_000_000;

    private static final int STEP = 100;
    private static final long STEP_WITHIN_MILLIS = 1000;

    private final History history = new History();
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Closeable> clients = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void close() throws Exception {
        for (Closeable client : clients) {
            client.close();
        }
    }

    @Test
    void getsEverythingAfterItsPause() throws Exception {
        ServerCommand command = ServerCommand.in(directory.resolve("data"))
                .withHeap(HEAP_MEBIBYTES)
                .with("feed.ring.bytes", "1 MiB");
        try (ServerProcess server = command.start()) {
            InetSocketAddress address = server.awaitAddress();
            Follower slow = add(Follower.of("slow", history, "updates").through(Valve.open()));
            Follower healthy = add(Follower.of("healthy", history, "updates"));
            slow.connect(address).awaitSubscribed();
            healthy.connect(address).awaitSubscribed();
            connectPublishers(address);
            history.awaitAcknowledgements(PACE_PER_SECOND);

            slow.stopReading();
            long longestStep = requireProgress(healthy, slow);
            long behind = history.head() - slow.seq();
            slow.readOn();
            slow.await(history.head());
            stopPublishers();
            long peak = server.peakMebibytes();
            server.stop(Trigger.Kind.SIGTERM);

            requireComplete(slow, healthy);
            assertThat(server.awaitExit().code()).isZero();
            System.out.printf(
                    Locale.ROOT,
                    "%d updates behind of %d; the others waited %d ms at most for %d updates; peak memory %d MiB%n",
                    behind,
                    history.head(),
                    longestStep,
                    STEP,
                    peak);
            assertThat(behind * VALUE_BYTES).as("bytes behind").isGreaterThan(LEAST_BEHIND_BYTES);
            Timing.onQuietMachine(() ->
                    assertThat(longestStep).as("milliseconds without progress").isLessThan(STEP_WITHIN_MILLIS));
            assertThat(peak).as("peak memory in MiB").isLessThan(MOST_MEBIBYTES);
            server.requireNothingToLookAt();
        }
    }

    private <T extends Closeable> T add(T client) {
        clients.add(client);
        return client;
    }

    private void connectPublishers(InetSocketAddress address) throws Exception {
        for (int i = 0; i < PUBLISHERS; i++) {
            String name = "publisher-" + i;
            Change.Script script = Change.changing(name, "orders", VALUE_BYTES);
            publishers.add(
                    add(Publisher.paced(name, history, script, PACE_PER_SECOND)).connect(address));
        }
    }

    /**
     * Watches another follower for as long as the pause lasts, and until the slow one is far enough behind; gives the longest
     * time that some updates took.
     */
    private static long requireProgress(Follower healthy, Follower slow) throws InterruptedException {
        long end = System.nanoTime() + PAUSE.toNanos();
        long longest = 0;
        for (long now = System.nanoTime();
                now < end || (healthy.seq() - slow.seq()) * VALUE_BYTES <= LEAST_BEHIND_BYTES;
                now = System.nanoTime()) {
            healthy.await(healthy.seq() + STEP);
            longest = Math.max(longest, System.nanoTime() - now);
        }
        return longest / 1_000_000;
    }

    private void stopPublishers() throws InterruptedException {
        publishers.forEach(Publisher::stop);
        for (Publisher publisher : publishers) {
            publisher.requireAllAnswered();
        }
    }

    private void requireComplete(Follower... followers) throws InterruptedException {
        long finalSeq = history.head();
        for (Follower follower : followers) {
            follower.requireComplete("shutdown", finalSeq);
        }
        history.verify(finalSeq);
        assertThat(history.acknowledgements()).isEqualTo(finalSeq);
    }
}
