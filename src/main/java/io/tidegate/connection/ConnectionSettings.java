package io.tidegate.connection;

import static io.tidegate.settings.Section.gib;
import static io.tidegate.settings.Section.kib;
import static io.tidegate.settings.Section.mib;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * Limits of one client connection.
 *
 * @param maxLineBytes longest request line in bytes, its end excluded
 * @param pipelinedRequests requests whose answers are outstanding, beyond which the socket is not read
 * @param pipelinedBytes the same in bytes of puts
 * @param writeBytes how many bytes are gathered for one write before the next batch waits for the following one
 * @param stallTimeout aborts a connection that accepts no byte for this long while there is data for it
 * @param lingerTimeout aborts a connection whose client does not close its side for this long after the server's FIN
 * @param deliveredLinger ends a connection whose client does not close its side for this long after its kernel has confirmed
 *     everything
 * @param peerTimeout aborts a connection whose client's kernel does not answer for this long
 * @param heartbeatInterval a subscription that was quiet for this long gets a heartbeat
 * @param lineTimeout a line, or message, that has begun is whole within this, or keeps the least rate
 * @param minLineRate bytes a second at which a line comes at least that takes longer
 * @param selections how large what it selects may be
 * @param identity how its client shows who it is, where it has to
 */
public record ConnectionSettings(
        int maxLineBytes,
        int pipelinedRequests,
        long pipelinedBytes,
        int writeBytes,
        Duration stallTimeout,
        Duration lingerTimeout,
        Duration deliveredLinger,
        Duration peerTimeout,
        Duration heartbeatInterval,
        Duration lineTimeout,
        int minLineRate,
        SelectionLimits selections,
        IdentityLimits identity) {

    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** Reads {@code tidegate.connection}; where it says "auto", there is room for the largest document with its names. */
    public static ConnectionSettings from(Section connection, int room) {
        return new ConnectionSettings(
                connection.bytesOrAuto("max-line-bytes", 256, mib(16), room),
                connection.number("pipelined-requests", 1, 1_000_000),
                connection.bytes("pipelined-bytes", kib(1), gib(1)),
                connection.bytes("write-bytes", kib(4), mib(16)),
                connection.duration("stall-timeout", LEAST, DAY),
                connection.duration("linger-timeout", LEAST, DAY),
                connection.duration("delivered-linger", LEAST, DAY),
                connection.duration("peer-timeout", SECOND, DAY),
                connection.duration("heartbeat-interval", SECOND, DAY),
                connection.duration("line-timeout", SECOND, Duration.ofHours(1)),
                connection.bytes("min-line-rate", 1, mib(1)),
                SelectionLimits.from(connection),
                IdentityLimits.from(connection));
    }
}
