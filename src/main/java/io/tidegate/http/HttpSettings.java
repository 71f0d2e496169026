package io.tidegate.http;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * What HTTP connections may do.
 *
 * @param idleTimeout a connection without a request for this long is closed
 * @param headTimeout the head of a request takes no longer than this from its first byte
 * @param bodyTimeout a request whose body is waited for this long without a byte is refused
 * @param minBodyRate bytes a second; a body, or a line of one, that is slower for longer than {@code bodyTimeout} is refused
 * @param maxHeadBytes longest request line, longest header and, to the size of one read, longest head
 * @param maxBodyBytes longest request body, unless a route streams it
 */
public record HttpSettings(
        Duration idleTimeout,
        Duration headTimeout,
        Duration bodyTimeout,
        long minBodyRate,
        int maxHeadBytes,
        long maxBodyBytes) {

    /** Reads {@code tidegate.http}; ranges were checked before. */
    public static HttpSettings from(Config config) {
        return new HttpSettings(
                config.getDuration("idle-timeout"),
                config.getDuration("head-timeout"),
                config.getDuration("body-timeout"),
                config.getBytes("min-body-rate"),
                Math.toIntExact(config.getBytes("max-head-bytes")),
                config.getBytes("max-body-bytes"));
    }
}
