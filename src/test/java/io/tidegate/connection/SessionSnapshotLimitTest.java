package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.access.Access;
import io.tidegate.access.Allowances;
import io.tidegate.access.Attempts;
import io.tidegate.access.LimitSettings;
import io.tidegate.access.TestIdentities;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.Line;
import io.tidegate.wire.Lines;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many snapshots an identity reads at once, where there may be one. */
class SessionSnapshotLimitTest extends SessionFixture {

    private final Allowances allowances = new Allowances(new LimitSettings(10, 1, 0, 0), nanos::get);
    private final Access access = new Access(
                    new TestIdentities()
                            .with("desk", TestIdentities.rights("*", "*", false))
                            .with("other", TestIdentities.rights("*", "*", false)),
                    Attempts.UNCOUNTED,
                    InstantSource.system())
            .within(allowances);
    private final Session<Line> first = session();
    private final Session<Line> second = session();

    private Session<Line> session() {
        return new Session<>(
                feed,
                SETTINGS,
                access.enter(InetAddress.getLoopbackAddress(), List.of()),
                TCP,
                List::of,
                new Wakeup(Runnable::run, () -> {}),
                nanos::get);
    }

    /** What one of them is told, without reads of the store. */
    private static List<String> ask(Session<Line> client, String... requests) {
        List<String> told = new ArrayList<>();
        for (String request : requests) {
            client.line(Lines.text(request));
            told.addAll(told(client));
        }
        return told;
    }

    private static List<String> told(Session<Line> client) {
        List<String> told = new ArrayList<>();
        for (var lines = client.poll(); lines != null; lines = client.poll()) {
            told.addAll(lines.bytes().utf8String().lines().toList());
        }
        return told;
    }

    private List<String> read(Session<Line> client) {
        reads.runAll();
        List<String> told = told(client);
        while (reads.runNext()) {
            told.addAll(told(client));
        }
        return told;
    }

    private static String auth(String name) {
        return "auth " + TestIdentities.tokenOf(name);
    }

    /** The first reads a snapshot, and so nobody else of its identity may. */
    private void begin() {
        publish(10);
        assertThat(ask(first, auth("desk"), "sync")).hasSize(1);
        assertThat(ask(second, auth("desk"))).hasSize(1);
    }

    private static void assertRefused(List<String> told) {
        assertThat(told).hasSize(1);
        assertError(told.get(0), "too-many-snapshots");
        assertThat(told.get(0)).contains("tidegate.access.limits.snapshots");
    }

    @Test
    void oneTooManyIsRefusedUntilAnotherHasEnded() {
        begin();
        assertRefused(ask(second, "sync"));
        assertRefused(ask(second, "follow"));
        assertThat(ask(second, "ping")).containsExactly(PONG);

        assertThat(read(first)).last().asString().contains("synced");

        assertThat(ask(second, "sync")).isEmpty();
        assertThat(read(second)).last().asString().contains("synced");
        assertThat(allowances.counts()).containsEntry("snapshots", 2L);
    }

    @Test
    void whoIsSomebodyElseIsNotConcerned() {
        begin();
        assertThat(ask(second, auth("other"), "sync")).hasSize(1);
        assertThat(read(second)).last().asString().contains("synced");
    }

    @Test
    void theEndOfTheConnectionIsTheEndOfItsSnapshot() {
        begin();
        first.close();
        first.close();

        assertThat(ask(second, "sync")).isEmpty();
        assertRefused(ask(session(), auth("desk"), "sync").subList(1, 2));
    }

    @Test
    void aSnapshotThatCannotBeReadIsNoneAnyMore() {
        log.failSnapshots("disk gone");
        begin();
        assertThat(read(first).get(0)).contains("store-failed");

        assertThat(ask(second, "sync")).isEmpty();
    }

    @Test
    void whoFollowsFromAPositionOrNothingReadsNone() {
        begin();
        assertThat(ask(second, "follow none")).isEmpty();
        assertThat(read(second)).last().asString().contains("caughtup");
        Session<Line> third = session();
        assertThat(ask(third, auth("desk"), "follow after mem1:10"))
                .last()
                .asString()
                .contains("caughtup");
    }

    @Test
    void anAdditionNeedsAPlaceAndGivesItBack() {
        begin();
        assertThat(read(first)).last().asString().contains("synced");
        ask(second, "follow none");
        read(second);
        ask(first, "sync");

        assertRefused(ask(second, "watch c"));
        publish(1);
        assertThat(told(second)).as("nothing was added").isEmpty();

        read(first);
        assertThat(ask(second, "watch c")).isEmpty();
        assertThat(read(second)).last().asString().contains("watching");
        assertThat(ask(first, "sync")).isEmpty();
    }

    @Test
    void aPositionThatIsGoneIsToldByOneErrorInThePlaceOfDocuments() {
        begin();
        log.trimTo(5);

        List<String> told = ask(second, "follow after mem1:2");

        assertRefused(told);
        assertThat(told.get(0)).contains("the log does not hold what comes after mem1:2");
    }

    @Test
    void aSubscriptionThatNeedsASnapshotToGoOnEnds() {
        publish(1);
        ask(second, auth("desk"), "follow after mem1:1");
        begin();
        log.trimTo(8);

        List<String> told = read(second);

        assertRefused(told);
        assertThat(ask(second, "watch c").get(0)).contains("not-subscribed");
        read(first);
        assertThat(ask(second, "follow")).isEmpty();
        assertThat(read(second)).last().asString().contains("caughtup");
    }
}
