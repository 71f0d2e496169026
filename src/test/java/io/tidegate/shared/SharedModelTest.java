package io.tidegate.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Selection;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.Publication;
import io.tidegate.feed.Publication.Refusal;
import io.tidegate.feed.Steps;
import io.tidegate.feed.Subscription;
import io.tidegate.feed.Wakeup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random histories of some nodes that share a log which loses, doubles and delays, of nodes that are killed, frozen and lose their newest
 * updates, and of stores that take nothing: all come to the same, and every answer is true. A failure names its seed;
 * {@code -Dtidegate.seed=…} replays that one history, {@code -Dtidegate.histories=…} runs more.
 */
class SharedModelTest {

    private static final int HISTORIES = Integer.getInteger("tidegate.histories", 2_000);
    private static final int STEPS = 120;
    private static final int DOCUMENTS = 3;

    /**
     * What was published.
     *
     * @param text the value, which nothing else has
     */
    private record Published(String text, Change change, Precondition precondition, Publication publication) {}

    /** How often something happened that the model is about. */
    private enum Seen {
        ACCEPTED,
        REFUSED,
        NOT_TAKEN,
        UNKNOWN,
        TAKEN_ALTHOUGH_UNKNOWN,
        RENEWALS,
        DOUBLED,
        LATE,
        KILLED,
        BEHIND,
        HOPS,
        WAITS,
        SENT_AGAIN,
        STRAYED,
        TAKEN_BEFORE
    }

    /** Goes from node to node, each time on from where it is. */
    private static final class Hopper {
        private final StringBuilder lines = new StringBuilder();
        private long seq;
    }

    private final Map<Seen, Integer> seen = new HashMap<>();

    private void count(Seen what, int times) {
        seen.merge(what, times, Integer::sum);
    }

    @Test
    void allNodesComeToTheSameAndEveryAnswerIsTrue() {
        Long replayed = Long.getLong("tidegate.seed");
        long first = replayed == null ? 1 : replayed;
        long last = replayed == null ? HISTORIES : replayed;
        for (long seed = first; seed <= last; seed++) {
            try {
                new History(seed).run();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("replay it with -Dtidegate.seed=" + seed, e);
            }
        }
        if (replayed == null) {
            // A model that never comes to what it is about proves nothing.
            for (Seen each : Seen.values()) {
                assertThat(seen.getOrDefault(each, 0)).as(each.name()).isGreaterThan(HISTORIES / 50);
            }
        }
    }

    private final class History {

        private final Random random;
        private final MemorySharedLog log = new MemorySharedLog();
        private final List<SteppedNode> nodes = new ArrayList<>();
        private final List<SteppedNode> killed = new ArrayList<>();
        private final List<Published> published = new ArrayList<>();
        private final Hopper hopper = new Hopper();
        private int values;

        History(long seed) {
            random = new Random(seed);
            int count = 3 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                nodes.add(new SteppedNode(log, new MemoryFeedLog()).announced("n" + i));
            }
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                step(nodes.get(random.nextInt(nodes.size())));
            }
            settle();
            check();
        }

        private void step(SteppedNode node) {
            switch (random.nextInt(29)) {
                case 0, 1, 2, 3, 4 -> publish(node);
                case 5, 6, 7, 8 -> node.propose();
                case 9, 10, 11 -> arrive(node);
                case 12, 13, 14, 15 -> node.read();
                case 16 -> lose(node);
                case 17 -> arriveTwice(node);
                case 18 -> arriveLate(node);
                case 19 -> node.letTimePass(Duration.ofSeconds(1 + random.nextInt(4)));
                case 20 -> disturb(node);
                case 21 -> kill(node);
                case 22 -> log.leaveHole(random.nextInt(3));
                case 23, 24 -> hop(node);
                case 25, 26 -> sendAgain(node);
                case 27 -> stray();
                default -> log.setAway(random.nextInt(3) == 0);
            }
        }

        private void publish(SteppedNode node) {
            String key = "k" + random.nextInt(DOCUMENTS);
            String text = String.valueOf(++values);
            Change change = Change.put("c", key, text);
            Precondition precondition =
                    switch (random.nextInt(4)) {
                        case 0 -> Precondition.mustNotExist();
                        case 1 ->
                            Precondition.mustBeAt(new Position(
                                    MemoryFeedLog.EPOCH, node.feed.head().seq()));
                        default -> Precondition.none();
                    };
            PublicationId id = random.nextInt(3) == 0 ? new PublicationId(text) : null;
            add(node, text, change, precondition, id);
        }

        private void add(
                SteppedNode node, String text, Change change, Precondition precondition, @Nullable PublicationId id) {
            Publication publication = node.feed.publish(change, precondition, id, () -> {});
            published.add(new Published(text, change, precondition, publication));
        }

        /** Anywhere: whoever does not know what became of a change may do so, and whoever does. */
        private void sendAgain(SteppedNode node) {
            List<Published> named = published.stream()
                    .filter(each -> each.publication().id() != null)
                    .toList();
            if (!named.isEmpty()) {
                Published one = named.get(random.nextInt(named.size()));
                add(
                        node,
                        one.text(),
                        one.change(),
                        one.precondition(),
                        one.publication().id());
                count(Seen.SENT_AGAIN, 1);
            }
        }

        /** Another program writes to the log. */
        private void stray() {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                // As a record begins, and then not.
                bytes[0] = (byte) 0xf9;
            }
            if (!Header.isRecord(bytes)) {
                log.add(bytes);
            }
        }

        private void hop(SteppedNode node) {
            Position position = new Position(MemoryFeedLog.EPOCH, hopper.seq);
            if (node.feed.mayCome(position)) {
                count(Seen.WAITS, 1);
                return;
            }
            Subscription subscription =
                    node.feed.subscribe(position, Selection.ALL, Steps.EVERY, new Wakeup(Runnable::run, () -> {}));
            assertThat(subscription).as("a snapshot at " + position).isNotNull();
            for (EventLines lines = poll(subscription); lines != null; lines = poll(subscription)) {
                hopper.lines.append(lines.bytes().utf8String());
                hopper.seq = lines.lastSeq();
            }
            subscription.close();
            count(Seen.HOPS, 1);
        }

        private static @Nullable EventLines poll(Subscription subscription) {
            try {
                return subscription.poll(1 << 20);
            } catch (FeedLogException e) {
                throw new AssertionError(e);
            }
        }

        private void arrive(SteppedNode node) {
            for (int count = random.nextInt(3); count >= 0 && node.client.onItsWay() > 0; count--) {
                node.client.arrive();
            }
        }

        private void lose(SteppedNode node) {
            if (node.client.onItsWay() > 0) {
                node.client.lose(random.nextBoolean());
            }
        }

        private void arriveTwice(SteppedNode node) {
            if (node.client.onItsWay() > 0) {
                node.client.arriveTwice();
                count(Seen.DOUBLED, 1);
            }
        }

        private void arriveLate(SteppedNode node) {
            if (node.client.late() > 0) {
                node.client.arriveLate();
                count(Seen.LATE, 1);
            }
        }

        private void disturb(SteppedNode node) {
            switch (random.nextInt(4)) {
                case 0 -> node.client.setFrozen(true);
                case 1 -> node.store.failAppends(new FeedLogException("no space"));
                default -> recover(node);
            }
        }

        private void recover(SteppedNode node) {
            node.client.setFrozen(false);
            node.store.failAppends(null);
        }

        /** And started again on what its store has kept. What was on its way may arrive all the same. */
        private void kill(SteppedNode node) {
            arrive(node);
            killed.add(node);
            count(Seen.KILLED, 1);
            count(Seen.RENEWALS, (int) node.order.counts().renewals());
            long head = node.feed.head().seq();
            long kept = random.nextBoolean() ? head : head - random.nextInt(5);
            count(Seen.BEHIND, kept < head ? 1 : 0);
            int number = nodes.indexOf(node);
            nodes.set(number, new SteppedNode(log, node.store.copyAsOf(kept)).announced("n" + number));
        }

        /** All faults end, and everything goes on for long enough. */
        private void settle() {
            log.setAway(false);
            nodes.forEach(this::recover);
            for (int round = 0; round < 12; round++) {
                log.letTimePass(Duration.ofSeconds(1));
                for (SteppedNode node : nodes) {
                    node.letTimePass(Duration.ofSeconds(1));
                    node.send();
                    node.readAll();
                }
            }
        }

        private void check() {
            String lines = nodes.get(0).lines();
            for (SteppedNode node : nodes) {
                assertThat(node.order.trouble()).isNull();
                assertThat(node.lines()).isEqualTo(lines);
                assertThat(node.known()).hasSameElementsAs(names()).hasSize(nodes.size());
                count(Seen.RENEWALS, (int) node.order.counts().renewals());
                count(Seen.STRAYED, (int) node.order.counts().strays());
            }
            hop(nodes.get(0));
            assertThat(hopper.lines.toString()).as("who went from node to node").isEqualTo(lines);
            checkAnswers(lines.isEmpty() ? List.of() : lines.lines().toList());
        }

        private List<String> names() {
            return IntStream.range(0, nodes.size())
                    .mapToObj(number -> "n" + number)
                    .toList();
        }

        private void checkAnswers(List<String> lines) {
            Map<String, Long> seqs = new HashMap<>();
            for (int i = 0; i < lines.size(); i++) {
                String[] words = lines.get(i).split(" ", -1);
                assertThat(words[0]).isEqualTo(String.valueOf(i + 1));
                assertThat(seqs.put(words[2], i + 1L)).as("twice: " + words[2]).isNull();
            }
            Map<String, Long> positions = new HashMap<>();
            Map<Long, Published> bySeq = new HashMap<>();
            for (Published each : published) {
                Long seq = seqs.get(each.text());
                checkAnswer(each, seq);
                if (seq != null) {
                    bySeq.put(seq, each);
                }
            }
            long accepted = published.stream()
                    .filter(each -> each.publication().seq() > 0)
                    .count();
            count(Seen.TAKEN_BEFORE, Math.max(0, (int) accepted - lines.size()));
            for (long seq = 1; seq <= lines.size(); seq++) {
                Published each = bySeq.get(seq);
                assertThat(each).as("of update " + seq).isNotNull();
                String key = each.change().key().text();
                Long at = positions.put(key, seq);
                assertThat(each.precondition().holds(at == null ? null : new Position(MemoryFeedLog.EPOCH, at)))
                        .as("precondition of update " + seq)
                        .isTrue();
            }
        }

        private void checkAnswer(Published each, @Nullable Long seq) {
            Publication publication = each.publication();
            Refusal refusal = publication.refusal();
            if (!publication.isSettled()) {
                assertThat(killed).as("nobody answers " + each).anyMatch(node -> true);
            } else if (refusal == null) {
                assertThat(seq).as("of " + each).isEqualTo(publication.seq());
                count(Seen.ACCEPTED, 1);
            } else if (refusal == Refusal.UNKNOWN) {
                count(seq == null ? Seen.UNKNOWN : Seen.TAKEN_ALTHOUGH_UNKNOWN, 1);
            } else {
                assertThat(seq == null || isSentAgain(each))
                        .as("refused, and there: " + each + refusal)
                        .isTrue();
                count(refusal == Refusal.PRECONDITION_FAILED ? Seen.REFUSED : Seen.NOT_TAKEN, 1);
            }
        }

        private boolean isSentAgain(Published one) {
            return published.stream()
                            .filter(each -> each.text().equals(one.text()))
                            .count()
                    > 1;
        }
    }
}
