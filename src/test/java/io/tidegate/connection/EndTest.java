package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Sent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the causes of an end is told, whatever their order. */
class EndTest {

    private static final Sent SENT = new Sent(7, 3, 2, 1);

    private final End end = new End();

    /** Why the dialogue ended by itself. */
    private CloseReason byDialogue = CloseReason.QUIT;

    /** {@code says} and {@code fin} go together but for who closes between them, and for a write that is stuck. */
    private void happens(String step) {
        String[] words = step.split(":", -1);
        CloseReason reason = words.length == 1 ? CloseReason.QUIT : CloseReason.valueOf(words[1]);
        switch (words[0]) {
            case "expect" -> end.expect(reason);
            case "thinks" -> byDialogue = reason;
            case "says" -> {
                byDialogue = reason;
                end.spoken(reason);
            }
            case "close" -> end.closed(reason);
            case "abort" -> end.aborted(reason);
            case "fin" -> end.finished();
            case "letGo" -> assertThat(end.letGo()).isTrue();
            case "notLetGo" -> assertThat(end.letGo()).isFalse();
            case "peerFin" -> end.peerEnded(true);
            case "peerFinUnserved" -> end.peerEnded(false);
            case "peerSilent" -> end.inputEnded();
            case "breaks" -> end.broken(reason);
            case "peerFails" -> end.peerFailed();
            default -> throw new IllegalArgumentException(step);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # in good order
            says:QUIT fin peerFin                                   | COMPLETED     | QUIT
            says:QUIT fin letGo                                     | COMPLETED     | QUIT
            says:QUIT notLetGo fin peerFin                          | COMPLETED     | QUIT
            says:QUIT fin peerFin notLetGo                          | COMPLETED     | QUIT
            says:REFUSED fin peerFin                                | COMPLETED     | REFUSED
            peerFin says:QUIT fin                                   | COMPLETED     | PEER_CLOSED
            peerFinUnserved says:QUIT fin                           | COMPLETED     | PEER_CLOSED
            peerFin says:REFUSED fin                                | COMPLETED     | REFUSED
            says:QUIT peerFin fin                                   | COMPLETED     | QUIT
            # the first that is expected counts, if it was before the last word
            expect:SHUTDOWN says:QUIT fin peerFin                   | COMPLETED     | SHUTDOWN
            expect:SHUTDOWN expect:IDLE says:QUIT fin peerFin       | COMPLETED     | SHUTDOWN
            expect:SHUTDOWN peerFin says:REFUSED fin                | COMPLETED     | SHUTDOWN
            says:QUIT expect:SHUTDOWN fin peerFin                   | COMPLETED     | QUIT
            # close goes before, up to the FIN, and the last close stands
            close:CLOSED fin peerFin                                | COMPLETED     | CLOSED
            expect:SHUTDOWN close:CLOSED fin peerFin                | COMPLETED     | CLOSED
            close:CLOSED expect:SHUTDOWN fin letGo                  | COMPLETED     | CLOSED
            says:QUIT close:CLOSED fin peerFin                      | COMPLETED     | CLOSED
            close:IDLE close:CLOSED fin peerFin                     | COMPLETED     | CLOSED
            peerFin close:CLOSED fin                                | COMPLETED     | CLOSED
            says:QUIT fin close:CLOSED peerFin                      | COMPLETED     | QUIT
            # a reset goes before all
            abort:STALLED                                           | ABORTED       | STALLED
            expect:SHUTDOWN says:QUIT abort:DEADLINE                | ABORTED       | DEADLINE
            close:CLOSED abort:DEADLINE                             | ABORTED       | DEADLINE
            says:QUIT fin abort:LINGERED                            | ABORTED       | LINGERED
            says:QUIT fin peerFin abort:DEADLINE                    | ABORTED       | DEADLINE
            # the process took it away
            thinks:QUIT                                             | ABORTED       | ABORTED
            says:QUIT fin                                           | ABORTED       | ABORTED
            says:QUIT notLetGo fin                                  | ABORTED       | ABORTED
            says:QUIT peerFin                                       | ABORTED       | ABORTED
            # the client did
            peerFails                                               | RESET_BY_PEER | PEER_RESET
            expect:SHUTDOWN peerFails                               | RESET_BY_PEER | PEER_RESET
            says:QUIT fin peerFails                                 | RESET_BY_PEER | PEER_RESET
            peerFinUnserved peerFails                               | RESET_BY_PEER | PEER_RESET
            peerFin peerFails                                       | LEFT          | PEER_CLOSED
            peerFin thinks:REFUSED peerFails                        | LEFT          | REFUSED
            peerFin says:QUIT peerFails                             | LEFT          | PEER_CLOSED
            says:QUIT fin peerFin peerFails                         | COMPLETED     | QUIT
            # over TLS it may have said that it hears nothing more
            peerSilent peerFin breaks:PEER_CLOSED fin               | LEFT          | PEER_CLOSED
            peerSilent peerFinUnserved breaks:PEER_CLOSED fin       | RESET_BY_PEER | PEER_RESET
            peerSilent breaks:PEER_CLOSED fin peerFinUnserved       | RESET_BY_PEER | PEER_RESET
            peerSilent breaks:PEER_CLOSED fin abort:LINGERED        | RESET_BY_PEER | PEER_RESET
            peerSilent peerFails                                    | RESET_BY_PEER | PEER_RESET
            peerSilent says:QUIT fin peerFin                        | COMPLETED     | PEER_CLOSED
            breaks:TLS_FAILED fin peerFin                           | COMPLETED     | TLS_FAILED
            """)
    void theEndThatIsTold(String steps, Ending.Outcome outcome, CloseReason reason) {
        for (String step : steps.split(" ", -1)) {
            happens(step);
        }

        assertThat(end.ending(byDialogue, 9, SENT)).isEqualTo(new Ending(outcome, reason, 9, SENT));
    }
}
