package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.feed.Framing;
import io.tidegate.feed.Steps;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.Lines;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client is told of how far it has come. */
class SessionProgressTest extends SessionFixture {

    private void documents(int count) {
        for (int i = 0; i < count; i++) {
            var unused = feed.publish(Change.put("c", "k" + i, "1"), () -> {});
            commits.runAll();
        }
    }

    // ---- caughtup

    @Test
    void whoBeginsAtTheHeadHasCaughtUpInTheSameWrite() {
        publish(2);
        say("updates", "ping");

        assertThat(poll()).containsExactly(subscribed(2), caughtUp(2), PONG);
    }

    @Test
    void whoCatchesUpFromTheRingIsToldBehindTheLastUpdate() {
        publish(3);
        say("updates after mem1:0");

        assertThat(pollAll()).containsExactly(subscribed(0), put(1), put(2), put(3), caughtUp(3));
    }

    @Test
    void whoCatchesUpFromTheLogIsToldBehindTheLastUpdate() {
        publish(12);
        say("updates after mem1:0");

        List<String> lines = pollAll();

        assertThat(lines.subList(1, 13)).isEqualTo(puts(1, 12));
        assertThat(lines.subList(13, lines.size())).containsExactly(caughtUp(12));
    }

    @Test
    void theUpdatesThatDoNotConcernAFollowerArePassedBeforeIt() {
        publish(12);
        say("updates after mem1:0 b");

        assertThat(pollAll()).containsExactly(subscribed(0), caughtUp(12));
    }

    @Test
    void whatIsCommittedMeanwhileDoesNotPutItOff() {
        publish(1);
        say("updates after mem1:0");
        assertThat(poll()).containsExactly(subscribed(0), put(1));
        publish(1);

        // It had everything when it was given the first one.
        assertThat(poll()).containsExactly(caughtUp(1), put(2));
        assertThat(pollAll()).isEmpty();
    }

    @Test
    void itIsToldOnceAndNotAgainAfterFallingBehind() {
        say("updates");
        assertThat(pollAll()).containsExactly(subscribed(0), caughtUp(0));

        publish(12);

        assertThat(pollAll()).isEqualTo(puts(1, 12));
    }

    @Test
    void whoStartsAnewCatchesUpAnew() {
        say("follow");
        assertThat(pollAll()).contains(caughtUp(0));
        publish(10);
        log.trimTo(5);

        assertThat(pollAll()).endsWith(subscribed(10), caughtUp(10));
    }

    @Test
    void whoIsToldThatStepsAreLeftOutIsToldOnceMoreWhenItHasEverything() {
        log.rememberChanges(1_000);
        say("follow");
        assertThat(pollAll()).contains(caughtUp(0));
        publish(12);
        log.trimTo(5);

        List<String> lines = pollAll();
        assertThat(lines.get(0)).startsWith("{\"event\":\"condensed\"");
        assertThat(lines).endsWith(put(12), caughtUp(12)).containsOnlyOnce(caughtUp(12));

        publish(1);
        assertThat(pollAll()).containsExactly(put(13));
    }

    @Test
    void itComesBeforeAHeartbeat() {
        publish(1);
        say("updates after mem1:0");
        assertThat(poll()).containsExactly(subscribed(0), put(1));
        session.heartbeat();

        assertThat(pollAll()).containsExactly(caughtUp(1));
        session.heartbeat();
        assertThat(pollAll()).containsExactly("{\"event\":\"heartbeat\",\"seq\":1}");
    }

    @Test
    void itIsNotToldOnceTheClientWasToldToGo() {
        publish(2);
        say("updates after mem1:0");
        assertThat(poll()).containsExactly(subscribed(0), put(1), put(2));
        session.shutdown(SHUTDOWN);
        session.inputEnded();

        assertThat(pollAll()).containsExactly(goodbye("shutdown", 2, 250));
    }

    @Test
    void aSyncInBetweenComesBehindIt() {
        publish(1);
        say("updates after mem1:0");
        assertThat(poll()).containsExactly(subscribed(0), put(1));
        say("sync");

        assertThat(pollAll()).containsExactly(caughtUp(1), snapshot(1), document("c", "k", "1"), synced(1, 1));
    }

    // ---- how many documents

    @Test
    void aSnapshotOfOnePieceBeginsWithItsNumber() {
        documents(2);
        say("sync");

        assertThat(pollAll())
                .containsExactly(snapshot(2), document("c", "k0", "1"), document("c", "k1", "1"), synced(2, 2));
    }

    @Test
    void ofALargerOneItIsNotKnownWhenItBegins() {
        documents(8);
        say("sync");

        List<String> lines = pollAll();

        assertThat(lines.get(0)).isEqualTo(document("c", "k0", "1"));
        assertThat(lines).hasSize(9).last().isEqualTo(synced(8, 8));
    }

    @Test
    void whatOthersHaveReadToItsEndIsKnown() {
        documents(8);
        say("sync");
        assertThat(poll()).isEmpty();
        var later = new Session<>(
                feed, SETTINGS, OPEN, TCP, List::of, new Wakeup(Runnable::run, () -> {}), System::nanoTime);
        later.line(Lines.text("sync"));
        assertThat(later.poll()).isNull();
        assertThat(pollAll()).endsWith(synced(8, 8));

        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            var piece = later.poll();
            reads.runAll();
            if (piece != null) {
                piece.bytes().utf8String().lines().forEach(lines::add);
            }
        }

        assertThat(lines).hasSize(10).startsWith(snapshot(8)).endsWith(synced(8, 8));
    }

    @Test
    void aSnapshotOfNothingHasNoNumber() {
        say("sync");

        assertThat(pollAll()).containsExactly(synced(0, 0));
    }

    // ---- steps that are left out

    @Test
    void whoIsSentNewestFormsWithoutHavingAskedForThemIsTold() {
        var words = new Words(Framing.LINES);

        UpdateReader.tellCondensed(new Position("mem1", 5), Steps.RETAINED, words);

        assertThat(words.take().utf8String())
                .isEqualTo(
                        "{\"event\":\"condensed\",\"reason\":\"the log does not hold every step after mem1:5 any more:"
                                + " what changed since comes once, in its newest form\"}\n");
    }

    @Test
    void whoAskedForNewestFormsKnows() {
        var words = new Words(Framing.LINES);

        UpdateReader.tellCondensed(new Position("mem1", 5), Steps.NEWEST, words);

        assertThat(words.hasLines()).isFalse();
    }
}
