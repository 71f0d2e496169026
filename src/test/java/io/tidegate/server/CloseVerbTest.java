package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending.Outcome;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.Verb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Close of single connections, as the clients' sockets and the kernel see it. */
@Timeout(120)
class CloseVerbTest extends VerbFixture {

    @Test
    void closeDeliversWhatTheKernelHasThenFin() throws Exception {
        try (Witness client = stuckFollower()) {
            long before = status(client).sent().bytes();

            assertThat(end(Verb.CLOSE, client)).isEqualTo(1);

            assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);
            client.leave();
            assertThat(client.bytes()).isBetween(before, before + pieceBytes());
            assertThat(client.updates()).isBetween(1L, UPDATES - 1L);
            assertThat(client.lastLine()).doesNotContain("goodbye");
            assertThat(client.isCutWithinLine()).isTrue();
            LedgerEntry entry = ended(client);
            assertEnd(entry, Outcome.COMPLETED, CloseReason.CLOSED);
            assertTruthful(entry, client);
            assertThat(entry.ending().sent().bytesUnsent()).isPositive();
            assertThat(KernelTable.hasTimeWait(client.address(), server.tcpAddress()))
                    .as("who closes first waits: the table shows what an abort does not leave")
                    .isTrue();
        }
    }

    @Test
    void closeOfAnIdleClientIsFinAtOnce() throws Exception {
        try (Witness client = follower(0)) {
            end(Verb.CLOSE, client);

            assertThat(client.readToEnd()).isEqualTo(Witness.End.FIN);
            client.leave();
            LedgerEntry entry = ended(client);
            assertEnd(entry, Outcome.COMPLETED, CloseReason.CLOSED);
            assertTruthful(entry, client);
            assertThat(entry.ending().sent().bytesUnsent()).isZero();
        }
    }
}
