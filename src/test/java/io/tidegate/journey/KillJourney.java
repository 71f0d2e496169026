package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the server with SIGKILL under load, at random moments, again and again on the same data. Followers resume from where
 * they were, publishers go on with their next change: nothing that was acknowledged is lost, no sequence number is used
 * twice, and each follower's updates are one gapless row through all lives.
 */
class KillJourney {

    private static final int ROUNDS = Length.of(10, 30);
    private static final int FOLLOWERS = 6;
    private static final int PUBLISHERS = 4;

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path directory;

    private final History history = new History();
    private final List<Follower> followers = new ArrayList<>();
    private final List<Follower> snapshots = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (Follower follower : followers) {
            follower.close();
        }
        for (Publisher publisher : publishers) {
            publisher.close();
        }
    }

    @Test
    void losesNothingThatWasAcknowledged() throws Exception {
        Random random = seed.random();
        ServerCommand command = ServerCommand.in(directory.resolve("data"));
        createClients();
        for (int round = 0; round < ROUNDS; round++) {
            String durability = round % 2 == 0 ? "sync" : "os";
            liveAndDie(command.with("store.durability", durability), 1 + random.nextInt(2000));
            System.out.printf(
                    Locale.ROOT,
                    "life %d (%s): %d acknowledged, head %d%n",
                    round,
                    durability,
                    history.acknowledgements(),
                    history.head());
        }
        liveAndStop(command);
    }

    private void createClients() {
        for (int i = 0; i < PUBLISHERS; i++) {
            String name = "publisher-" + i;
            Change.Script script = Change.changing(name, i % 2 == 0 ? "orders" : "fleet");
            // Two at a pace that leaves the feed small batches, two that make them large.
            publishers.add(
                    i < 2 ? Publisher.paced(name, history, script, 300) : Publisher.unpaced(name, history, script, 64));
        }
        for (int i = 0; i < FOLLOWERS; i++) {
            String name = "follower " + i;
            followers.add(
                    i % 3 == 2
                            ? Follower.of(name, history, "follow", "fleet")
                            : Follower.of(name, history, i % 2 == 0 ? "follow" : "updates"));
        }
    }

    private void liveAndDie(ServerCommand command, int moment) throws Exception {
        try (ServerProcess server = command.start()) {
            InetSocketAddress address = server.awaitAddress();
            takeSnapshot(address);
            connectAll(address);
            history.awaitAcknowledgements(history.acknowledgements() + moment);
            server.kill();
            for (Follower follower : followers) {
                follower.awaitEnd();
            }
            for (Publisher publisher : publishers) {
                publisher.awaitAnswers();
            }
            server.requireNothingToLookAt();
        }
    }

    /** Of what the kill before has left; it is compared when the history is complete. */
    private void takeSnapshot(InetSocketAddress address) throws Exception {
        try (var snapshot =
                Follower.of("snapshot " + snapshots.size(), history, "sync").connect(address)) {
            Ending ending = snapshot.awaitEnd();
            ending.requirePolite("snapshot", "quit", snapshot.syncedSeq());
            snapshots.add(snapshot);
        }
    }

    private void connectAll(InetSocketAddress address) throws Exception {
        for (Follower follower : followers) {
            follower.connect(address).awaitSubscribed();
        }
        for (Publisher publisher : publishers) {
            publisher.connect(address);
        }
    }

    private void liveAndStop(ServerCommand command) throws Exception {
        try (ServerProcess server = command.start()) {
            InetSocketAddress address = server.awaitAddress();
            connectAll(address);
            history.awaitAcknowledgements(history.acknowledgements() + 100);
            for (Publisher publisher : publishers) {
                publisher.stop();
            }
            for (Publisher publisher : publishers) {
                publisher.requireAllAnswered();
            }
            long finalSeq = history.head();
            try (var last = Follower.of("last", history, "sync").connect(address)) {
                last.requireComplete("quit", finalSeq);
                assertThat(last.syncedSeq()).isEqualTo(finalSeq);
            }
            server.stop(Trigger.Kind.SIGTERM);
            for (Follower follower : followers) {
                follower.requireComplete("shutdown", finalSeq);
            }
            history.verify(finalSeq);
            snapshots.forEach(Follower::requireSnapshotAgrees);
            assertThat(server.awaitExit().code()).isZero();
        }
    }
}
