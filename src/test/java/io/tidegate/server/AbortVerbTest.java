package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending.Outcome;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.Verb;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Abort of single connections in every state, as the clients' sockets and the kernel see it. */
@Timeout(120)
class AbortVerbTest extends VerbFixture {

    private LedgerEntry abort(Witness client) {
        assertThat(end(Verb.ABORT, client)).isEqualTo(1);
        LedgerEntry entry = ended(client);
        assertEnd(entry, Outcome.ABORTED, CloseReason.ABORTED);
        return entry;
    }

    private void assertNoTimeWait(Witness client) throws Exception {
        client.leave();
        assertThat(KernelTable.hasTimeWait(client.address(), server.tcpAddress()))
                .isFalse();
    }

    @Test
    void abortResetsAnIdleClient() throws Exception {
        try (Witness client = follower(0)) {
            LedgerEntry entry = abort(client);

            assertThat(client.readToEnd()).isEqualTo(Witness.End.RESET);
            assertTruthful(entry, client);
            assertNoTimeWait(client);
        }
    }

    /** It had been sent more than it read. */
    private void assertCut(LedgerEntry entry, Witness client) throws Exception {
        assertThat(client.readToEnd()).isEqualTo(Witness.End.RESET);
        assertThat(client.bytes()).isLessThanOrEqualTo(entry.ending().sent().bytes() + pieceBytes());
        assertThat(client.updates())
                .isLessThanOrEqualTo(entry.ending().sent().updates() + 1)
                .isLessThan(UPDATES);
        assertThat(entry.ending().sent().bytesUnsent()).isPositive();
        assertNoTimeWait(client);
    }

    @Test
    void abortCutsAWriteToAStuckClient() throws Exception {
        try (Witness client = stuckFollower()) {
            assertCut(abort(client), client);
        }
    }

    @Test
    void abortCutsAShutdownOfAStuckClient() throws Exception {
        try (Witness client = stuckFollower()) {
            end(Verb.SHUTDOWN, client);
            await(client, status -> status.state() == ConnectionStatus.State.DRAINING);

            assertCut(abort(client), client);
        }
    }

    @Test
    void abortCutsACloseOfAStuckClient() throws Exception {
        try (Witness client = stuckFollower()) {
            end(Verb.CLOSE, client);

            assertCut(abort(client), client);
        }
    }

    @Test
    void abortResetsAClientThatClosedItsSideFirst() throws Exception {
        try (Witness client = follower(0)) {
            client.halfClose();
            server.publish(Change.put("c", "k", "1")).toCompletableFuture().join();
            client.awaitUpdates(1);

            LedgerEntry entry = abort(client);

            assertThat(client.readToEnd()).isEqualTo(Witness.End.RESET);
            assertTruthful(entry, client);
            assertNoTimeWait(client);
        }
    }

    @Test
    void abortCutsAWriteToAStuckClientThatClosedItsSideFirst() throws Exception {
        try (Witness client = follower(Witness.SMALL_BUFFER)) {
            client.halfClose();
            publish();
            awaitStuck(client);

            assertCut(abort(client), client);
        }
    }

    @Test
    void abortResetsAClientWhoseFinIsWaitedFor() throws Exception {
        assumeFalse(leavesByItself());
        try (Witness client = follower(0)) {
            client.send("quit");
            assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);
            await(client, status -> status.state() == ConnectionStatus.State.FIN_SENT);

            LedgerEntry entry = abort(client);

            assertThatThrownBy(() -> client.send("late")).isInstanceOf(SocketException.class);
            assertTruthful(entry, client);
            assertNoTimeWait(client);
        }
    }

    @Test
    void abortResetsAClientThatReadsNeitherDataNorFin() throws Exception {
        try (Witness client = client(0)) {
            client.send("quit");
            Await.until(() -> listed(client).isPresent());
            await(client, status -> status.state() == ConnectionStatus.State.FIN_SENT);

            LedgerEntry entry = abort(client);

            client.readToEnd();
            assertThatThrownBy(() -> client.send("late")).isInstanceOf(SocketException.class);
            assertThat(client.bytes()).isLessThanOrEqualTo(entry.ending().sent().bytes());
            assertNoTimeWait(client);
        }
    }
}
