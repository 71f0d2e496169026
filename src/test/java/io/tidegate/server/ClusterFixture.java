package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers whose order is that of a log that they share, and what they do by whatever log: all serve the same. */
@Timeout(180)
abstract class ClusterFixture {

    private static final String COUNTER = "counter";

    @TempDir
    Path directory;

    final List<Tidegate> nodes = new ArrayList<>();

    /** The settings by which nodes share the log of this test. */
    abstract List<String> order();

    final Tidegate start(String name, String... more) throws StartException {
        List<String> settings = new ArrayList<>(order());
        settings.addAll(List.of(more));
        Tidegate node = TestServer.start(directory.resolve(name), settings.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    @AfterEach
    void end() {
        nodes.forEach(Tidegate::close);
    }

    static Position put(Tidegate node, String key, String value) throws Exception {
        return node.publish(Change.put("c", key, value)).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void whatIsPutOnOneNodeIsFollowedOnAnotherUnderTheSameNumber() throws Exception {
        Tidegate one = start("one");
        Tidegate two = start("two");
        try (var follower = TestServer.client(two)) {
            follower.send("updates");
            assertThat(follower.lines(2).get(1)).contains("caughtup");

            Position position = put(one, "k", "1");

            assertThat(follower.line())
                    .isEqualTo("{\"event\":\"put\",\"seq\":" + position.seq()
                            + ",\"collection\":\"c\",\"key\":\"k\",\"value\":1}");
            assertThat(two.position()).isEqualTo(position);
        }
    }

    @Test
    void aFollowerGoesOnAtAnotherNodeWhereItWas() throws Exception {
        Tidegate one = start("one");
        Tidegate two = start("two");
        Position seen = put(one, "k", "1");
        Position next = put(two, "k", "2");

        try (var follower = TestServer.client(two)) {
            follower.send("updates after " + seen);

            assertThat(follower.line()).contains("\"event\":\"subscribed\"");
            assertThat(follower.line()).contains("\"seq\":" + next.seq()).contains("\"value\":2");
        }
    }

    @Test
    void ofTwoNodesThatChangeADocumentOnConditionOneDoes() throws Exception {
        Tidegate one = start("one");
        Tidegate two = start("two");
        int counted = 0;
        Position at = put(one, COUNTER, "0");
        for (int round = 0; round < 20; round++) {
            var mine = one.publish(Change.put("c", COUNTER, "1"), Precondition.mustBeAt(at));
            var theirs = two.publish(Change.put("c", COUNTER, "2"), Precondition.mustBeAt(at));
            List<Position> taken = new ArrayList<>();
            for (var each : List.of(mine, theirs)) {
                try {
                    taken.add(each.toCompletableFuture().join());
                } catch (CompletionException e) {
                    assertThat(e).hasCauseInstanceOf(PreconditionFailedException.class);
                }
            }
            assertThat(taken).hasSize(1);
            at = taken.get(0);
            counted++;
        }

        assertThat(at.seq()).isEqualTo(1 + counted);
    }

    @Test
    void aNodeThatWasAwayReadsWhatItMissedAndANewOneReadsAll() throws Exception {
        Tidegate one = start("one");
        Tidegate two = start("two");
        put(two, "a", "1");
        two.close();
        nodes.remove(two);
        Position last = put(one, "b", "2");

        Tidegate again = start("two");
        Tidegate newcomer = start("three");
        Await.until(() -> again.lag() == null && newcomer.lag() == null);

        assertThat(List.of(again, newcomer)).extracting(Tidegate::position).containsOnly(last);
        assertThat(newcomer.read("c", "a").toCompletableFuture().join()).isPresent();
    }

    @Test
    void aNodeThatStopsHasAnsweredWhoeverItHadTakenAChangeFrom() throws Exception {
        Tidegate one = start("one");
        Tidegate two = start("two");
        try (var publisher = TestServer.client(one)) {
            for (int i = 0; i < 500; i++) {
                publisher.send("put c k" + i + " " + i);
            }
            assertThat(publisher.line()).contains("accepted");

            one.close();
            nodes.remove(one);

            List<String> answers = publisher.rest();
            long accepted =
                    answers.stream().filter(line -> line.contains("accepted")).count() + 1;
            assertThat(answers.get(answers.size() - 1)).contains("goodbye");
            Await.until(() -> two.position().seq() >= accepted);
            assertThat(two.position().seq()).isEqualTo(accepted);
        }
    }
}
