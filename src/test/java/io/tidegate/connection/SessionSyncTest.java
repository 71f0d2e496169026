package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Snapshots within the dialogue. */
class SessionSyncTest extends SessionFixture {

    @Test
    void syncStreamsTheDocumentsAndThenItsPosition() {
        say("put a x 1", "put b y 2");
        commits.runAll();
        say("sync");

        assertThat(pollAll())
                .containsExactly(
                        accepted(1),
                        accepted(2),
                        snapshot(2),
                        document("a", "x", "1"),
                        document("b", "y", "2"),
                        synced(2, 2));
    }

    @Test
    void syncWaitsForTheChangesBeforeItAndShowsThem() {
        say("put a x 1", "sync");
        assertThat(session.wantsInput()).isFalse();
        assertThat(pollAll()).isEmpty();
        assertThat(reads.pending()).isZero();

        commits.runAll();

        assertThat(pollAll()).containsExactly(accepted(1), snapshot(1), document("a", "x", "1"), synced(1, 1));
        assertThat(session.wantsInput()).isTrue();
    }

    @Test
    void noLineIsWantedWhileASnapshotIsStreamed() {
        publish(1);
        say("sync");
        assertThat(poll()).isEmpty();

        assertThat(session.wantsInput()).isFalse();
        pollAll();

        assertThat(session.wantsInput()).isTrue();
        assertThat(log.openSnapshots()).isZero();
    }

    @Test
    void syncOfCollectionsShowsThoseOnly() {
        say("put a x 1", "put b y 2");
        commits.runAll();
        say("sync b");

        assertThat(pollAll())
                .endsWith(snapshot(1), document("b", "y", "2"), synced(2, 1))
                .hasSize(5);
    }

    @Test
    void aSnapshotThatCannotBeReadIsAnErrorAndTheDialogueGoesOn() {
        log.failSnapshots("disk gone");
        say("sync");

        List<String> lines = pollAll();
        say("ping");

        assertError(lines.get(0), "store-failed");
        assertThat(session.wantsInput()).isTrue();
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
}
