package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.DocumentView;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.EventEncoder;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.FeedSettings;
import io.tidegate.feed.Hub;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.Retention;
import io.tidegate.feed.StepExecutor;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.Events;
import io.tidegate.wire.Line;
import io.tidegate.wire.Lines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One client's dialogue, step by step: commits and reads of the store happen when the test says so. */
class SessionTest {

    private static final int PIPELINED_REQUESTS = 4;
    private static final int QUEUED_UPDATES = 8;
    private static final int WRITE_BYTES = 150;
    private static final Goodbye SHUTDOWN = new Goodbye(CloseReason.SHUTDOWN, Duration.ofMillis(250));

    private static final class WireEncoder implements EventEncoder {
        @Override
        public void update(Update update, Utf8Buffer target) {
            Events.update(update, target);
        }

        @Override
        public void document(DocumentView document, Utf8Buffer target) {
            Events.document(document, target);
        }
    }

    private final MemoryFeedLog log = new MemoryFeedLog();
    private final StepExecutor commits = new StepExecutor();
    private final StepExecutor reads = new StepExecutor();
    private final Feed feed = new Feed(
            log,
            new FeedSettings(
                    QUEUED_UPDATES,
                    1 << 20,
                    1,
                    1 << 16,
                    300,
                    1L << 30,
                    0,
                    Duration.ZERO,
                    new Hub.Settings(4, 1 << 20),
                    new Retention(1000, 1 << 30, Duration.ZERO)),
            new WireEncoder(),
            commits,
            reads,
            Runnable::run);
    private final AtomicInteger signals = new AtomicInteger();
    private final Session session = new Session(
            feed,
            new ConnectionSettings(
                    256,
                    PIPELINED_REQUESTS,
                    2000,
                    WRITE_BYTES,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(15)),
            new Wakeup(Runnable::run, signals::incrementAndGet));

    private void say(String... lines) {
        for (String line : lines) {
            session.line(Lines.text(line));
        }
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            var unused = feed.publish(Change.put("c", "k", "1"), () -> {});
            commits.runAll();
        }
    }

    private List<String> poll() {
        EventLines lines = session.poll();
        return lines == null ? List.of() : lines.bytes().utf8String().lines().toList();
    }

    /** All that can be said now without a commit; reads of the store come back. */
    private List<String> pollAll() {
        List<String> all = new ArrayList<>();
        boolean again = true;
        while (again && !session.isFinished()) {
            List<String> lines = poll();
            all.addAll(lines);
            again = reads.runNext() || !lines.isEmpty();
        }
        return all;
    }

    private static String put(long seq) {
        return "{\"event\":\"put\",\"seq\":" + seq + ",\"collection\":\"c\",\"key\":\"k\",\"value\":1}";
    }

    private static List<String> puts(long first, long last) {
        List<String> lines = new ArrayList<>();
        for (long seq = first; seq <= last; seq++) {
            lines.add(put(seq));
        }
        return lines;
    }

    private static String accepted(long seq) {
        return "{\"event\":\"accepted\",\"seq\":" + seq + "}";
    }

    private static String subscribed(long seq) {
        return "{\"event\":\"subscribed\",\"epoch\":\"mem1\",\"seq\":" + seq + "}";
    }

    private static String synced(long seq, int documents) {
        return "{\"event\":\"synced\",\"epoch\":\"mem1\",\"seq\":" + seq + ",\"documents\":" + documents + "}";
    }

    private static String document(String collection, String key, String json) {
        return "{\"event\":\"document\",\"collection\":\"" + collection + "\",\"key\":\"" + key + "\",\"value\":" + json
                + "}";
    }

    private static String goodbye(String reason, long seq, int reconnectAfterMillis) {
        return "{\"event\":\"goodbye\",\"reason\":\"" + reason + "\",\"epoch\":\"mem1\",\"seq\":" + seq
                + ",\"reconnectAfterMs\":" + reconnectAfterMillis + "}";
    }

    private static void assertError(String line, String code) {
        assertThat(line).startsWith("{\"event\":\"error\",\"code\":\"" + code + "\",\"message\":\"");
    }

    private static final String PONG = "{\"event\":\"pong\"}";

    // ---- answers

    @Test
    void answersComeInRequestOrder() {
        say("put c k 1", "ping", "delete c k", "nonsense");
        assertThat(poll()).isEmpty();

        commits.runAll();

        assertThat(signals).hasValue(1);
        List<String> lines = pollAll();
        assertThat(lines.subList(0, 3)).containsExactly(accepted(1), PONG, accepted(2));
        assertError(lines.get(3), "unknown-request");
        assertThat(lines).hasSize(4);
    }

    @Test
    void anAnswerThatIsReadyIsNotHeldUpByALaterOne() {
        say("put c k 1");
        commits.runAll();
        say("put c k 2");

        assertThat(poll()).containsExactly(accepted(1));
    }

    @Test
    void everyAnswerIsGivenOnceHoweverManySignalsThereWere() {
        say("put c k 1", "put c k 2");
        commits.runAll();

        assertThat(poll()).containsExactly(accepted(1), accepted(2));
        assertThat(poll()).isEmpty();
    }

    @Test
    void helpAndPingAreAnsweredAtOnce() {
        say("help", "ping");

        assertThat(pollAll()).hasSize(2).first().asString().contains("\"event\":\"help\"");
    }

    @Test
    void mistakesAreAnsweredAndTheDialogueGoesOn() {
        session.line(new Line.TooLong(256));
        say("put c k {");
        say("ping");

        List<String> lines = pollAll();

        assertError(lines.get(0), "line-too-long");
        assertThat(lines.get(0)).contains("256");
        assertError(lines.get(1), "invalid-json");
        assertThat(lines.get(2)).isEqualTo(PONG);
        assertThat(session.wantsLine()).isTrue();
    }

    @Test
    void aRefusedChangeIsAnsweredWithItsReason() {
        say("put c k 1");
        log.failAppends(new FeedLogException("no space"));
        commits.runAll();
        assertThat(feed.drain()).isCompleted();
        say("put c k 2");

        List<String> lines = pollAll();

        assertError(lines.get(0), "store-failed");
        assertError(lines.get(1), "draining");
    }

    // ---- back-pressure

    @Test
    void noLineIsWantedWhileTooManyAnswersAreOwed() {
        for (int i = 0; i < PIPELINED_REQUESTS; i++) {
            assertThat(session.wantsLine()).isTrue();
            say("put c k 1");
        }
        assertThat(session.wantsLine()).isFalse();

        commits.runAll();
        assertThat(poll()).hasSize(PIPELINED_REQUESTS);

        assertThat(session.wantsLine()).isTrue();
    }

    @Test
    void noLineIsWantedWhileTooManyBytesAreOwed() {
        say("put c k \"" + "x".repeat(2000) + "\"");
        assertThat(session.wantsLine()).isFalse();

        commits.runAll();
        assertThat(poll()).containsExactly(accepted(1));

        assertThat(session.wantsLine()).isTrue();
    }

    @Test
    void aChangeIsHeldBackWhileTheFeedHasNoRoom() {
        for (int i = 0; i < QUEUED_UPDATES; i++) {
            var unused = feed.publish(Change.put("c", "other", "0"), () -> {});
        }
        say("ping", "put c k 1");
        assertThat(session.wantsLine()).isFalse();
        assertThat(poll()).containsExactly(PONG);

        commits.runAll();
        assertThat(signals).hasValue(1);
        assertThat(poll()).isEmpty();
        assertThat(session.wantsLine()).isTrue();
        commits.runAll();

        assertThat(poll()).containsExactly(accepted(QUEUED_UPDATES + 1));
    }

    @Test
    void aHeldBackChangeIsRefusedByADrainAndTheSessionEnds() {
        for (int i = 0; i < QUEUED_UPDATES; i++) {
            var unused = feed.publish(Change.put("c", "other", "0"), () -> {});
        }
        say("put c k 1");
        var unused = feed.drain();
        session.shutdown(SHUTDOWN);
        session.inputEnded();
        assertThat(poll()).isEmpty();

        commits.runAll();
        List<String> lines = pollAll();

        assertError(lines.get(0), "draining");
        assertThat(lines.get(1)).isEqualTo(goodbye("shutdown", QUEUED_UPDATES, 250));
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void onePollGathersNoMoreThanAboutOneWrite() {
        publish(4);
        say("follow after mem1:0");
        int smallest = put(1).length() + 1;

        List<String> lines = poll();

        assertThat(lines.size()).isLessThanOrEqualTo(1 + WRITE_BYTES / smallest + 1);
        assertThat(pollAll()).last().isEqualTo(put(4));
    }

    // ---- sync

    @Test
    void syncStreamsTheDocumentsAndThenItsPosition() {
        say("put a x 1", "put b y 2");
        commits.runAll();
        say("sync");

        assertThat(pollAll())
                .containsExactly(
                        accepted(1), accepted(2), document("a", "x", "1"), document("b", "y", "2"), synced(2, 2));
    }

    @Test
    void syncWaitsForTheChangesBeforeItAndShowsThem() {
        say("put a x 1", "sync");
        assertThat(session.wantsLine()).isFalse();
        assertThat(pollAll()).isEmpty();
        assertThat(reads.pending()).isZero();

        commits.runAll();

        assertThat(pollAll()).containsExactly(accepted(1), document("a", "x", "1"), synced(1, 1));
        assertThat(session.wantsLine()).isTrue();
    }

    @Test
    void noLineIsWantedWhileASnapshotIsStreamed() {
        publish(1);
        say("sync");
        assertThat(poll()).isEmpty();

        assertThat(session.wantsLine()).isFalse();
        pollAll();

        assertThat(session.wantsLine()).isTrue();
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void syncOfCollectionsShowsThoseOnly() {
        say("put a x 1", "put b y 2");
        commits.runAll();
        say("sync b");

        assertThat(pollAll()).endsWith(document("b", "y", "2"), synced(2, 1)).hasSize(4);
    }

    @Test
    void aSnapshotThatCannotBeReadIsAnErrorAndTheDialogueGoesOn() {
        log.failSnapshots("disk gone");
        say("sync");

        List<String> lines = pollAll();
        say("ping");

        assertError(lines.get(0), "store-failed");
        assertThat(session.wantsLine()).isTrue();
        assertThat(pollAll()).containsExactly(PONG);
    }

    @Test
    void closingReleasesASnapshotThatIsBeingStreamed() {
        publish(1);
        say("sync");
        assertThat(poll()).isEmpty();

        session.close();
        reads.runAll();

        assertThat(log.openSnapshots()).isZero();
        assertThat(session.isFinished()).isTrue();
    }

    // ---- updates and follow

    @Test
    void updatesBeginAtTheHead() {
        publish(2);
        say("updates");
        assertThat(poll()).containsExactly(subscribed(2));
        assertThat(poll()).isEmpty();

        publish(1);

        assertThat(signals).hasValue(1);
        assertThat(poll()).containsExactly(put(3));
    }

    @Test
    void updatesResumeAfterAPosition() {
        publish(3);
        say("updates after mem1:1");

        assertThat(pollAll()).containsExactly(subscribed(1), put(2), put(3));
    }

    @Test
    void updatesOfCollectionsShowThoseOnly() {
        say("updates b");
        assertThat(poll()).containsExactly(subscribed(0));
        publish(1);
        assertThat(poll()).isEmpty();

        say("put b k 1");
        commits.runAll();

        assertThat(pollAll())
                .containsExactly(
                        accepted(2), "{\"event\":\"put\",\"seq\":2,\"collection\":\"b\",\"key\":\"k\",\"value\":1}");
    }

    @Test
    void updatesAfterAPositionThatIsNotThereAreRefused() {
        publish(1);
        say("updates after other:1", "updates after mem1:2", "ping");

        List<String> lines = pollAll();

        assertError(lines.get(0), "position-unavailable");
        assertError(lines.get(1), "position-unavailable");
        assertThat(lines.get(2)).isEqualTo(PONG);
    }

    @Test
    void followIsSyncAndThenUpdatesWithoutAGap() {
        publish(2);
        say("follow");
        assertThat(poll()).isEmpty();
        publish(1);
        reads.runAll();
        publish(1);

        assertThat(pollAll()).containsExactly(document("c", "k", "1"), synced(3, 1), subscribed(3), put(4));
    }

    @Test
    void followAfterAServablePositionNeedsNoSnapshot() {
        publish(3);
        say("follow after mem1:1");

        assertThat(pollAll()).containsExactly(subscribed(1), put(2), put(3));
        assertThat(reads.pending()).isZero();
    }

    @Test
    void followAfterAnotherLifeOfTheLogStartsAnew() {
        publish(1);
        say("follow after other:1");

        List<String> lines = pollAll();

        assertThat(lines.get(0)).startsWith("{\"event\":\"resync\",\"reason\":\"");
        assertThat(lines.subList(1, lines.size()))
                .containsExactly(document("c", "k", "1"), synced(1, 1), subscribed(1));
    }

    @Test
    void onlyOneSubscriptionIsGiven() {
        say("updates");
        pollAll();
        say("follow");

        List<String> lines = pollAll();
        publish(1);

        assertError(lines.get(0), "already-subscribed");
        assertThat(pollAll()).containsExactly(put(1));
    }

    @Test
    void aFollowerMaySyncInBetween() {
        publish(1);
        say("updates");
        pollAll();
        say("sync");
        assertThat(poll()).isEmpty();
        publish(1);

        assertThat(pollAll()).containsExactly(document("c", "k", "1"), synced(2, 1), put(2));
    }

    @Test
    void aFollowerThatFellFarBehindCatchesUpFromTheLog() {
        say("updates");
        pollAll();
        publish(12);

        assertThat(pollAll()).isEqualTo(puts(1, 12));
    }

    @Test
    void aFollowerWhosePositionWasTrimmedIsResynced() {
        say("follow");
        pollAll();
        publish(10);
        log.trimTo(5);

        List<String> lines = pollAll();
        publish(1);

        assertThat(lines.get(0)).startsWith("{\"event\":\"resync\",\"reason\":\"");
        assertThat(lines.subList(1, lines.size()))
                .containsExactly(document("c", "k", "1"), synced(10, 1), subscribed(10));
        assertThat(pollAll()).containsExactly(put(11));
    }

    @Test
    void updatesWhosePositionWasTrimmedEndWithAnErrorAndMayBeAskedForAnew() {
        say("updates");
        pollAll();
        publish(10);
        log.trimTo(5);

        List<String> lines = pollAll();
        say("updates");

        assertError(lines.get(0), "position-unavailable");
        assertThat(lines).hasSize(1);
        assertThat(pollAll()).containsExactly(subscribed(10));
    }

    @Test
    void aResyncDoesNotLetLinesPastARequestThatWaitsForItsTurn() {
        say("follow");
        pollAll();
        publish(10);
        log.trimTo(5);
        say("put c k 2", "quit");
        assertThat(session.wantsLine()).isFalse();

        List<String> lines = pollAll();

        assertThat(lines.get(0)).contains("resync");
        assertThat(session.wantsLine()).as("after quit").isFalse();
    }

    @Test
    void aLogThatCannotBeReadEndsTheSubscription() {
        say("updates");
        pollAll();
        publish(10);
        log.failReads("disk gone");

        List<String> lines = pollAll();
        say("ping");

        assertError(lines.get(0), "store-failed");
        assertThat(pollAll()).containsExactly(PONG);
    }

    // ---- heartbeats

    @Test
    void aQuietSubscriptionGetsAHeartbeat() {
        publish(3);
        say("updates");
        pollAll();

        session.heartbeat();

        assertThat(signals.get()).isPositive();
        assertThat(pollAll()).containsExactly("{\"event\":\"heartbeat\",\"seq\":3}");
    }

    @Test
    void aHeartbeatShowsThatAFilteredSubscriptionIsUpToDate() {
        say("updates b");
        pollAll();
        publish(3);

        session.heartbeat();

        assertThat(pollAll()).containsExactly("{\"event\":\"heartbeat\",\"seq\":3}");
    }

    @Test
    void noHeartbeatIsSentBesideOtherLinesOrWithoutASubscription() {
        session.heartbeat();
        assertThat(pollAll()).isEmpty();
        say("updates");
        session.heartbeat();
        assertThat(poll()).containsExactly(subscribed(0));
        publish(1);
        session.heartbeat();

        assertThat(poll()).containsExactly(put(1));
    }

    // ---- the end

    @Test
    void quitIsTakenAfterAllThatWasAskedBefore() {
        say("put c k 1", "ping", "quit");
        assertThat(session.wantsLine()).isFalse();
        assertThat(pollAll()).isEmpty();
        assertThat(session.isFinished()).isFalse();

        commits.runAll();

        assertThat(pollAll()).containsExactly(accepted(1), PONG, goodbye("quit", 1, 0));
        assertThat(session.isFinished()).isTrue();
        assertThat(session.wantsLine()).isFalse();
    }

    @Test
    void theGoodbyeOfAFollowerThatQuitsNamesThePositionThatItHas() {
        publish(1);
        say("updates");
        pollAll();
        publish(2);
        say("quit");

        List<String> lines = pollAll();

        int handedOut =
                (int) lines.stream().filter(line -> line.contains("\"put\"")).count();
        assertThat(lines).last().isEqualTo(goodbye("quit", 1 + handedOut, 0));
    }

    @Test
    void aClientThatClosesItsSideGetsItsAnswersAndNoGoodbye() {
        say("put c k 1", "ping");
        session.inputEnded();
        assertThat(pollAll()).isEmpty();
        assertThat(session.isFinished()).isFalse();

        commits.runAll();

        assertThat(pollAll()).containsExactly(accepted(1), PONG);
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void aClientThatClosesItsSideGoesOnFollowing() {
        say("follow");
        session.inputEnded();
        assertThat(pollAll()).containsExactly(synced(0, 0), subscribed(0));

        publish(1);

        assertThat(pollAll()).containsExactly(put(1));
        assertThat(session.isFinished()).isFalse();
    }

    @Test
    void aClientThatClosesItsSideInTheMiddleOfALineIsTold() {
        session.line(new Line.Incomplete());
        session.inputEnded();

        List<String> lines = pollAll();

        assertError(lines.get(0), "incomplete-line");
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void aShutdownSaysGoodbyeWhenTheInputHasEnded() {
        publish(2);
        session.shutdown(SHUTDOWN);
        assertThat(signals).hasValue(1);
        assertThat(pollAll()).isEmpty();
        assertThat(session.isFinished()).isFalse();

        session.inputEnded();

        assertThat(pollAll()).containsExactly(goodbye("shutdown", 2, 250));
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void aShutdownThatCutsALineDoesNotBlameTheClient() {
        session.shutdown(SHUTDOWN);
        session.line(new Line.Incomplete());
        session.inputEnded();

        assertThat(pollAll()).containsExactly(goodbye("shutdown", 0, 250));
    }

    @Test
    void aShutdownSendsTheBacklogFirst() {
        say("updates");
        pollAll();
        publish(12);
        session.shutdown(SHUTDOWN);
        session.inputEnded();

        List<String> lines = pollAll();

        assertThat(lines.subList(0, 12)).isEqualTo(puts(1, 12));
        assertThat(lines.subList(12, lines.size())).containsExactly(goodbye("shutdown", 12, 250));
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void aShutdownOfOneFollowerEndsAtTheHeadThatItSaw() {
        say("updates");
        pollAll();
        publish(2);
        session.shutdown(SHUTDOWN);
        assertThat(poll()).isEqualTo(puts(1, 2));
        publish(2);
        session.inputEnded();

        assertThat(pollAll()).containsExactly(goodbye("shutdown", 2, 250));
    }

    @Test
    void aShutdownFinishesASnapshotThatIsBeingStreamed() {
        publish(2);
        say("follow");
        assertThat(poll()).isEmpty();
        session.shutdown(SHUTDOWN);
        session.inputEnded();

        assertThat(pollAll())
                .containsExactly(document("c", "k", "1"), synced(2, 1), subscribed(2), goodbye("shutdown", 2, 250));
        assertThat(session.isFinished()).isTrue();
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void aShutdownWaitsForChangesThatWereTaken() {
        say("put c k 1");
        session.shutdown(SHUTDOWN);
        session.inputEnded();
        assertThat(pollAll()).isEmpty();
        assertThat(session.isFinished()).isFalse();

        commits.runAll();

        assertThat(pollAll()).containsExactly(accepted(1), goodbye("shutdown", 1, 250));
    }

    @Test
    void aFollowerThatIsLostInAShutdownIsToldThePositionThatItHas() {
        say("updates");
        pollAll();
        publish(10);
        log.trimTo(5);
        session.shutdown(SHUTDOWN);
        session.inputEnded();

        assertThat(pollAll()).containsExactly(goodbye("shutdown", 0, 250));
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void theFirstGoodbyeStands() {
        say("quit");
        assertThat(poll()).containsExactly(goodbye("quit", 0, 0));
        session.shutdown(SHUTDOWN);

        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void aClosedSessionHoldsNothing() {
        say("updates");
        pollAll();
        publish(10);
        assertThat(poll()).isEmpty();

        session.close();
        reads.runAll();
        log.trimTo(9);

        assertThat(session.isFinished()).isTrue();
        assertThat(session.poll()).isNull();
    }

    @Test
    void aThousandPipelinedRequestsAreAnsweredInOrder() {
        List<String> answers = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 1000; i++) {
            while (!session.wantsLine()) {
                commits.runNext();
                answers.addAll(poll());
            }
            say(i % 3 == 0 ? "ping" : "put c k " + i);
            expected.add(i % 3 == 0 ? PONG : accepted(i - i / 3));
        }
        session.inputEnded();
        commits.runAll();
        answers.addAll(pollAll());

        assertThat(answers).isEqualTo(expected);
        assertThat(session.isFinished()).isTrue();
    }
}
