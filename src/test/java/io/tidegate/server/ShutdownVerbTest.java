package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending.Outcome;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.Verb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shutdown of single connections, as the clients' sockets and the kernel see it. */
@Timeout(120)
class ShutdownVerbTest extends VerbFixture {

    @Test
    void shutdownDeliversEveryPendingByteAGoodbyeAndFin() throws Exception {
        try (Witness client = stuckFollower();
                Witness other = follower(0)) {
            assertThat(end(Verb.SHUTDOWN, client)).isEqualTo(1);

            await(client, status -> status.state() == ConnectionStatus.State.DRAINING);
            assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);
            if (!leavesByItself()) {
                await(client, status -> status.state() == ConnectionStatus.State.FIN_SENT);
            }
            client.leave();

            assertThat(client.updates()).isEqualTo(UPDATES);
            assertThat(client.lastLine()).contains("\"goodbye\",\"reason\":\"shutdown\"", "\"reconnectAfterMs\":0,");
            LedgerEntry entry = ended(client);
            assertEnd(entry, Outcome.COMPLETED, CloseReason.SHUTDOWN);
            assertTruthful(entry, client);
            assertThat(entry.ending().sent().bytesUnsent()).isZero();
            assertThat(status(other).state()).isEqualTo(ConnectionStatus.State.OPEN);
        }
    }

    @Test
    void shutdownOfAnIdleClientIsAGoodbyeAtOnce() throws Exception {
        try (Witness client = follower(0)) {
            end(Verb.SHUTDOWN, client);

            assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);
            client.leave();
            assertThat(client.lastLine()).contains("goodbye");
            assertTruthful(ended(client), client);
        }
    }

    @Test
    void aClientThatNeverReadsIsAbortedAtTheDeadlineOfItsShutdown() throws Exception {
        server.close();
        start("tidegate.drain.timeout = 500 ms");
        try (Witness client = stuckFollower()) {
            end(Verb.SHUTDOWN, client);

            assertEnd(ended(client), Outcome.ABORTED, CloseReason.DEADLINE);
            assertThat(client.readToEnd()).isEqualTo(Witness.End.RESET);
        }
    }
}
