package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Timing;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many slow clients take a large snapshot at once from a server whose memory could not hold it: all get every document as it
 * was, then the updates without a gap, and the feed goes on meanwhile.
 */
class SnapshotMemoryJourney {

    private static final int DOCUMENT_BYTES = 10_000;
    private static final int DOCUMENTS = Length.of(6_000, 20_000);
    private static final int FOLLOWERS = 20;
    private static final int MEBIBYTES_PER_SECOND = 8;

    private static final int HEAP_MEBIBYTES = 256;
    private static final int MOST_MEBIBYTES = 640;

    private static final int PACE_PER_SECOND = 250;
    private static final int STEP = 25;
    private static final long STEP_WITHIN_MILLIS = 1000;

    private final History history = new History();
    private final List<Follower> followers = new ArrayList<>();
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
    void slowClientsGetTheWholeSnapshotAtOnce() throws Exception {
        ServerCommand command = ServerCommand.in(directory.resolve("data")).withHeap(HEAP_MEBIBYTES);
        try (ServerProcess server = command.start()) {
            InetSocketAddress address = server.awaitAddress();
            Change.Script bulk = Change.filling("bulk", DOCUMENT_BYTES);
            Publisher.publishAll("filler", history, bulk, DOCUMENTS, 64, address);
            Follower live = add(Follower.of("live", history, "updates"));
            live.connect(address).awaitSubscribed();
            Publisher publisher =
                    add(Publisher.paced("publisher", history, Change.changing("publisher", "orders"), PACE_PER_SECOND));
            publisher.connect(address);

            long started = System.nanoTime();
            connectFollowers(address);
            long longestStep = requireProgress(live);
            double seconds = (System.nanoTime() - started) / 1e9;

            publisher.stop();
            publisher.requireAllAnswered();
            long peak = server.peakMebibytes();
            server.stop(Trigger.Kind.SIGTERM);

            requireComplete();
            live.requireComplete("shutdown", history.head());
            assertThat(server.awaitExit().code()).isZero();
            System.out.printf(
                    Locale.ROOT,
                    "%d snapshots of %d MB in %.1f s; meanwhile %d updates took %d ms at most; peak memory %d MiB%n",
                    FOLLOWERS,
                    DOCUMENTS / 1000 * DOCUMENT_BYTES / 1000,
                    seconds,
                    STEP,
                    longestStep,
                    peak);
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

    private void connectFollowers(InetSocketAddress address) throws Exception {
        for (int i = 0; i < FOLLOWERS; i++) {
            Valve slow = Valve.atMebibytesPerSecond(MEBIBYTES_PER_SECOND);
            followers.add(add(Follower.of("follower " + i, history, "follow").through(slow)));
            followers.get(i).connect(address);
        }
    }

    /** Watches the live follower until all the others are live too; gives the longest time that some updates took. */
    private long requireProgress(Follower live) throws InterruptedException {
        long longest = 0;
        while (!followers.stream().allMatch(Follower::isSubscribed)) {
            long before = System.nanoTime();
            live.await(live.seq() + STEP);
            longest = Math.max(longest, System.nanoTime() - before);
        }
        return longest / 1_000_000;
    }

    private void requireComplete() throws InterruptedException {
        long finalSeq = history.head();
        for (Follower follower : followers) {
            follower.requireComplete("shutdown", finalSeq);
            assertThat(follower.syncedSeq()).isGreaterThanOrEqualTo(DOCUMENTS);
        }
    }
}
