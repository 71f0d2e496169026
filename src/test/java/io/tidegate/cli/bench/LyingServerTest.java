package io.tidegate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.cli.bench.LyingServer.Lie;
import io.tidegate.cli.bench.Workload.ClosedLoop;
import io.tidegate.cli.bench.Workload.Count;
import io.tidegate.document.Collection;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that does not deliver every update once and in order to every follower is caught. */
@Timeout(120)
class LyingServerTest {

    private static final int UPDATES = 100;
    private static final int LIAR = 2;

    private static final Patience SHORT = new Patience(
            TimeUnit.SECONDS.toNanos(10), TimeUnit.MILLISECONDS.toNanos(300), TimeUnit.SECONDS.toNanos(10));

    private static Verdict verdict(Lie lie, int publishers) throws Exception {
        try (var server = LyingServer.with(lie)) {
            return run(server, publishers, SHORT);
        }
    }

    private static Verdict run(LyingServer server, int publishers, Patience patience) throws Exception {
        return run(server.port(), publishers, patience);
    }

    private static Verdict run(int port, int publishers, Patience patience) throws Exception {
        return run(port, publishers, patience, Documents.together(new Collection("bench"), 10));
    }

    private static Verdict run(int port, int publishers, Patience patience, Documents documents) throws Exception {
        var workload = new Workload(
                3,
                0,
                Transport.Kind.TCP,
                Put.Kind.LINE,
                publishers,
                64,
                documents,
                new ClosedLoop(16),
                new Count(UPDATES),
                0,
                Workload.Stall.NONE);
        var target = new Target("127.0.0.1", port);
        var progress = new ProgressLine(new PrintWriter(Writer.nullWriter()), false);
        try (var bench = new Bench(target, target, workload, Optional.empty(), patience, progress)) {
            return bench.run().verdict();
        }
    }

    /** Sends something else instead of one update of the second follower. */
    private static Lie about(long wrongSeq, List<String> instead) {
        return (follower, seq, update) -> follower == LIAR && seq == wrongSeq ? instead : List.of(update);
    }

    @Test
    void anHonestServerPasses() throws Exception {
        Lie none = (follower, seq, update) -> List.of(update);

        assertThat(verdict(none, 2)).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aDroppedUpdateIsLost() throws Exception {
        assertThat(verdict(about(50, List.of()), 1)).isEqualTo(new Verdict(1, 0, 0, 0, 0));
    }

    @Test
    void aLossIsOneLineAndExitCode1() throws Exception {
        try (var server = LyingServer.with(about(50, List.of()))) {
            BenchRun run = BenchRun.of("--followers 3 --warmup 0 --messages 100 --port " + server.port());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("1 lost");
            assertThat(run.err())
                    .isEqualToNormalizingNewlines("tidegate: of 100 updates to 3 followers:"
                            + " 1 lost, 0 duplicated, 0 out of order, 0 unanswered\n");
        }
    }

    private static Documents selected(Documents.By by) {
        return new Documents(new Collection("bench"), 3, by, 3);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ALL")
    void anUpdateThatWasNotSelectedEndsTheRun(Documents.By by) throws Exception {
        // It sends everything to everybody.
        try (var server = LyingServer.with((follower, seq, update) -> List.of(update))) {
            assertThatThrownBy(() -> run(server.port(), 1, SHORT, selected(by)))
                    .isInstanceOf(BenchFailure.class)
                    .hasMessageContaining("the server sent what was not selected: ");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ALL")
    void anUpdateOfASelectionThatIsDroppedIsLost(Documents.By by) throws Exception {
        Lie none = (follower, seq, update) -> (seq - 1) % 3 == follower - 1 ? List.of(update) : List.of();
        Lie one = (follower, seq, update) -> seq == 98 ? List.of() : none.instead(follower, seq, update);
        try (var honest = LyingServer.with(none);
                var lying = LyingServer.with(one)) {
            assertThat(run(honest.port(), 1, SHORT, selected(by))).isEqualTo(Verdict.CLEAN);
            assertThat(run(lying.port(), 1, SHORT, selected(by))).isEqualTo(new Verdict(1, 0, 0, 0, 0));
        }
    }

    @Test
    void theLastUpdateIsMissedToo() throws Exception {
        assertThat(verdict(about(UPDATES, List.of()), 1)).isEqualTo(new Verdict(1, 0, 0, 0, 0));
    }

    @Test
    void aRepeatedUpdateIsADuplicate() throws Exception {
        Lie twice =
                (follower, seq, update) -> follower == LIAR && seq == 50 ? List.of(update, update) : List.of(update);

        assertThat(verdict(twice, 1)).isEqualTo(new Verdict(0, 1, 0, 0, 0));
    }

    @Test
    void swappedUpdatesAreOutOfOrder() throws Exception {
        assertThat(verdict(swapping(50), 1)).isEqualTo(new Verdict(0, 0, 1, 0, 0));
    }

    @Test
    void swappedUpdatesOfTwoPublishersAreOutOfOrder() throws Exception {
        assertThat(verdict(swapping(50), 2).outOfOrder()).isEqualTo(1);
    }

    private static Lie swapping(long first) {
        List<String> held = new ArrayList<>();
        return (follower, seq, update) -> {
            if (follower != LIAR || seq < first || seq > first + 1) {
                return List.of(update);
            }
            held.add(0, update);
            return seq == first ? List.of() : held;
        };
    }

    @Test
    void updatesOfOthersAreCountedApart() throws Exception {
        String foreign =
                "{\"event\":\"put\",\"seq\":7,\"collection\":\"bench\",\"key\":\"k\",\"value\":{\"bench\":\"0\"}}";
        String deleted = "{\"event\":\"delete\",\"seq\":8,\"collection\":\"bench\",\"key\":\"k\"}";
        Lie more = (follower, seq, update) ->
                follower == LIAR && seq == 50 ? List.of(foreign, deleted, update) : List.of(update);

        assertThat(verdict(more, 1)).isEqualTo(new Verdict(0, 0, 0, 0, 2));
    }

    @Test
    void whatIsNoUpdateEndsTheRun() {
        String goodbye = "{\"event\":\"goodbye\",\"reason\":\"shutdown\"}";

        assertThatThrownBy(() -> verdict(about(50, List.of(goodbye)), 1))
                .isInstanceOf(BenchFailure.class)
                .hasMessage("follower 2: the server sent " + goodbye);
    }

    @Test
    void aLostConnectionEndsTheRun() {
        assertThatThrownBy(() -> verdict(about(50, LyingServer.HANG_UP), 1))
                .isInstanceOf(BenchFailure.class)
                .hasMessageStartingWith("follower 2: ");
    }

    @Test
    void anUpdateThatWasNeverPublishedEndsTheRun() {
        Lie damaged = (follower, seq, update) ->
                List.of(follower == LIAR && seq == 50 ? withNumber(update, "7fffffffffffffff") : update);

        assertThatThrownBy(() -> verdict(damaged, 1))
                .isInstanceOf(BenchFailure.class)
                .hasMessageContaining("which was never published");
    }

    /** The number is the second of the mark's three parts. */
    private static String withNumber(String update, String number) {
        int at = update.indexOf("{\"bench\":\"") + "{\"bench\":\"rrrrpppp".length();
        return update.substring(0, at) + number + update.substring(at + number.length());
    }

    @Test
    void aRefusedPutEndsTheRun() {
        String error = "{\"event\":\"error\",\"code\":\"store-failed\",\"message\":\"disk full\"}";

        assertThatThrownBy(() -> {
                    try (var server = LyingServer.answering(seq -> seq == 50 ? error : LyingServer.accepted(seq))) {
                        run(server, 1, SHORT);
                    }
                })
                .isInstanceOf(BenchFailure.class)
                .hasMessage("publisher 1: the server sent " + error);
    }

    @Test
    void aPutWithoutAnAnswerIsCounted() throws Exception {
        try (var server =
                LyingServer.answering(seq -> seq == UPDATES ? LyingServer.SILENCE : LyingServer.accepted(seq))) {
            assertThat(run(server, 1, SHORT)).isEqualTo(new Verdict(0, 0, 0, 1, 0));
        }
    }

    @Test
    void answersInTheWrongOrderEndTheRun() {
        assertThatThrownBy(() -> {
                    try (var server = LyingServer.answering(seq -> LyingServer.accepted(seq == 50 ? 49 : seq))) {
                        run(server, 1, SHORT);
                    }
                })
                .isInstanceOf(BenchFailure.class)
                .hasMessage("publisher 1: the update with number 49 was accepted after that with 49");
    }

    @Test
    void aServerThatDoesNotAnswerIsNotWaitedForForever() {
        var patience = new Patience(SHORT.quietNanos(), SHORT.quietNanos(), SHORT.quietNanos());

        assertThatThrownBy(() -> {
                    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                        run(server.getLocalPort(), 1, patience);
                    }
                })
                .isInstanceOf(BenchFailure.class)
                .hasMessage("only 0 of 3 followers were subscribed after 0.30 s");
    }
}
