package io.tidegate.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums over all connections at one moment. They are taken together, so that nobody is counted twice or left out between being
 * open and having ended.
 *
 * @param open how many are open, in groups; a group of none is missing
 * @param bytesUnsent bytes that are ready for the clients of open connections and that the kernel has not taken
 * @param stuck open connections whose clients accept no byte although there is data for them
 * @param stubborn those of them that have not for a second
 * @param longestStuck for how long the most stubborn of these has not; zero if there is none
 * @param stragglers open connections that were told to end more than a second ago: their clients do not read, or do not close
 * @param bytesSent bytes that the kernel took, of open and ended connections
 * @param updatesSent puts and deletes of which it took the whole line, likewise
 * @param ended the sums over those that ended
 */
public record Census(
        Map<Group, Long> open,
        long bytesUnsent,
        long stuck,
        long stubborn,
        Duration longestStuck,
        long stragglers,
        long bytesSent,
        long updatesSent,
        LedgerTotals ended) {

    /** Connections that are spoken to in the same way and are in the same state. */
    public record Group(Transport transport, ConnectionStatus.State state) {}

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** How many are open. */
    public long connections() {
        return open.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many there have been. */
    public long opened() {
        return connections() + ended.ended();
    }

    /** The sums over connections as they stand and as they ended. */
    public static Census of(Collection<ConnectionStatus> connections, long stragglers, LedgerTotals ended) {
        Map<Group, Long> open = new HashMap<>();
        long bytesUnsent = 0;
        long stuck = 0;
        long stubborn = 0;
        Duration longestStuck = Duration.ZERO;
        long bytesSent = ended.bytesSent();
        long updatesSent = ended.updatesSent();
        for (ConnectionStatus status : connections) {
            open.merge(new Group(status.transport(), status.state()), 1L, Long::sum);
            bytesUnsent += status.sent().bytesUnsent();
            bytesSent += status.sent().bytes();
            updatesSent += status.sent().updates();
            if (!status.stuck().isZero()) {
                stuck++;
                stubborn += status.stuck().compareTo(SECOND) < 0 ? 0 : 1;
                longestStuck = status.stuck().compareTo(longestStuck) > 0 ? status.stuck() : longestStuck;
            }
        }
        return new Census(
                Map.copyOf(open),
                bytesUnsent,
                stuck,
                stubborn,
                longestStuck,
                stragglers,
                bytesSent,
                updatesSent,
                ended);
    }
}
