package io.tidegate.connection;

import com.typesafe.config.Config;
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
        int minLineRate) {

    /** Reads {@code tidegate.connection}; ranges were checked before. */
    public static ConnectionSettings from(Config config) {
        return new ConnectionSettings(
                Math.toIntExact(config.getBytes("max-line-bytes")),
                config.getInt("pipelined-requests"),
                config.getBytes("pipelined-bytes"),
                Math.toIntExact(config.getBytes("write-bytes")),
                config.getDuration("stall-timeout"),
                config.getDuration("linger-timeout"),
                config.getDuration("delivered-linger"),
                config.getDuration("peer-timeout"),
                config.getDuration("heartbeat-interval"),
                config.getDuration("line-timeout"),
                Math.toIntExact(config.getBytes("min-line-rate")));
    }
}
