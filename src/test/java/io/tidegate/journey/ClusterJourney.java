package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.kafka.KafkaBroker;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes that share a feed by Kafka, under publishers, counters that count on condition, and followers who hop from one to another,
 * while nodes and brokers are killed, stopped and frozen: nothing that was accepted is lost, doubled or numbered in two ways, no condition
 * is broken, every answer is true, followers see one gapless row over all nodes, and all nodes have the same documents in the end.
 */
class ClusterJourney {

    private static final int NODES = 3;
    private static final int BROKERS = Length.of(1, 3);
    private static final int PUBLISHERS = Length.of(6, 48);
    private static final int FOLLOWERS = Length.of(6, 30);
    /** Of a publisher, at most: what all of them do together leaves the machine room for the nodes that start. */
    private static final int PAUSE_MILLIS = Length.of(10, 600);

    private static final int COUNTERS = Length.of(2, 6);

    /** What happens to a node or a broker. */
    private enum Fault {
        KILL(Length.of(1, 100)),
        DRAIN(Length.of(1, 50)),
        FREEZE(Length.of(1, 20)),
        FREEZE_BROKER(Length.of(0, 5)),
        KILL_BROKER(Length.of(0, 20));

        private final int times;

        Fault(int times) {
            this.times = times;
        }
    }

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path directory;

    private final Random random = seed.random();
    private final List<KafkaBroker> brokers = KafkaBroker.start(BROKERS);
    private final List<ClusterNode> nodes = new ArrayList<>();
    private final ClusterHistory history = new ClusterHistory();
    private final List<ClusterClient> writers = new ArrayList<>();
    private final List<ClusterFollower> followers = new ArrayList<>();

    @AfterEach
    void close() {
        writers.forEach(ClusterClient::stop);
        followers.forEach(follower -> follower.endAt(0));
        nodes.forEach(ClusterNode::close);
        brokers.forEach(KafkaBroker::close);
    }

    @Test
    void losesDoublesAndConfusesNothing() throws Exception {
        startNodes();
        startClients();
        Set<Integer> exits = new HashSet<>();
        List<Fault> faults = faults();
        for (int i = 0; i < faults.size(); i++) {
            history.awaitMore(PUBLISHERS * 5);
            strike(faults.get(i), exits);
            if (i % 20 == 19) {
                System.out.printf("%d of %d faults%n", i + 1, faults.size());
            }
        }
        history.awaitMore(PUBLISHERS * 5);
        writers.forEach(ClusterClient::stop);
        for (ClusterClient writer : writers) {
            writer.awaitEnd();
        }

        assertThat(exits).as("exit codes of nodes that were stopped").isSubsetOf(0);
        requireSameDocuments();
        requireCount();
        int hops = 0;
        long head = head(nodes.get(0));
        long first = head;
        for (ClusterFollower follower : followers) {
            follower.endAt(head);
            follower.awaitEnd();
            follower.requireTrue();
            first = Math.min(first, follower.first());
            hops += follower.hops();
        }
        history.requireTrue(first);
        System.out.printf(
                Locale.ROOT,
                "%d accepted, %d certainly not taken, %d counted, head %d, %d hops, accepted after %.1f ms (half), %.1f ms (99 %%)%n",
                history.accepted().size(),
                history.notTaken().size(),
                history.count(),
                head,
                hops,
                history.latency(0.5),
                history.latency(0.99));
        for (ClusterNode node : nodes) {
            assertThat(node.drain()).isZero();
        }
    }

    private void startNodes() throws Exception {
        Set<Integer> ports = new HashSet<>();
        while (ports.size() < 3 * NODES) {
            ports.add(ServerCommand.stablePort(random));
        }
        List<Integer> free = List.copyOf(ports);
        for (int i = 0; i < NODES; i++) {
            ServerCommand command = ServerCommand.in(directory.resolve("node-" + i))
                    .with("feed.order", "kafka")
                    .with("kafka.replication-factor", BROKERS)
                    .with("store.durability", "os");
            for (int broker = 0; broker < BROKERS; broker++) {
                command = command.with(
                        "kafka.bootstrap-servers." + broker, brokers.get(broker).address());
            }
            nodes.add(new ClusterNode(command, free.get(3 * i), free.get(3 * i + 1), free.get(3 * i + 2)));
        }
        for (ClusterNode node : nodes) {
            node.awaitReady();
        }
    }

    private void startClients() {
        for (int i = 0; i < FOLLOWERS; i++) {
            followers.add(new ClusterFollower("follower-" + i, nodes, history, random));
        }
        for (int i = 0; i < PUBLISHERS; i++) {
            writers.add(new ClusterPublisher("publisher-" + i, nodes, history, random, i % 2 == 0, PAUSE_MILLIS));
        }
        for (int i = 0; i < COUNTERS; i++) {
            writers.add(new ClusterCounter("counter-" + i, nodes, history, random));
        }
        Stream.concat(followers.stream(), writers.stream()).forEach(ClusterClient::start);
    }

    private List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            faults.addAll(Collections.nCopies(fault.times, fault));
        }
        Collections.shuffle(faults, random);
        return faults;
    }

    private void strike(Fault fault, Set<Integer> exits) throws Exception {
        ClusterNode node = nodes.get(random.nextInt(NODES));
        KafkaBroker broker = brokers.get(random.nextInt(BROKERS));
        switch (fault) {
            case KILL -> node.killAndStart();
            case DRAIN -> exits.add(node.drainAndStart());
            case FREEZE -> node.freezeFor(500 + random.nextInt(4_000));
            case FREEZE_BROKER -> {
                broker.freeze();
                TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(4_000));
                broker.thaw();
            }
            case KILL_BROKER -> {
                broker.kill();
                broker.restart();
            }
        }
    }

    private static long head(ClusterNode node) throws Exception {
        HttpResponse<String> documents = node.get(node.http("/v1/documents?collection=none"));
        String position = documents.headers().firstValue("Tidegate-Position").orElseThrow();
        return Long.parseLong(position.substring(position.indexOf(':') + 1));
    }

    private void requireSameDocuments() throws Exception {
        long head = 0;
        for (ClusterNode node : nodes) {
            head = Math.max(head, head(node));
        }
        List<String> documents = new ArrayList<>();
        for (ClusterNode node : nodes) {
            long giveUpAt = System.nanoTime() + Background.PATIENCE.toNanos();
            while (head(node) < head && System.nanoTime() - giveUpAt < 0) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            documents.add(node.get(node.http("/v1/documents")).body());
        }
        assertThat(documents).hasSize(NODES).allMatch(documents.get(0)::equals);
    }

    private void requireCount() throws Exception {
        String counter =
                nodes.get(0).get(nodes.get(0).http(ClusterCounter.PATH)).body().strip();
        assertThat(counter).isEqualTo("{\"n\":" + history.count() + "}");
    }
}
