package io.tidegate.http;

import static io.tidegate.settings.Section.gib;
import static io.tidegate.settings.Section.kib;
import static io.tidegate.settings.Section.mib;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * What HTTP connections may do.
 *
 * @param idleTimeout a connection without a request for this long is closed
 * @param headTimeout the head of a request takes no longer than this from its first byte
 * @param bodyTimeout a request whose body is waited for this long without a byte is refused
 * @param minBodyRate bytes a second; a body, or a line of one, that is slower for longer than {@code bodyTimeout} is refused
 * @param maxHeadBytes longest head: the request line and all headers with their ends
 * @param maxBodyBytes longest request body, unless a route streams it
 */
public record HttpSettings(
        Duration idleTimeout,
        Duration headTimeout,
        Duration bodyTimeout,
        long minBodyRate,
        int maxHeadBytes,
        long maxBodyBytes) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** Reads {@code tidegate.http}; where it says "auto", there is room for the largest document with its names. */
    public static HttpSettings from(Section http, int room) {
        return new HttpSettings(
                http.duration("idle-timeout", SECOND, Duration.ofDays(1)),
                http.duration("head-timeout", SECOND, HOUR),
                http.duration("body-timeout", SECOND, HOUR),
                http.bytes("min-body-rate", 1, mib(1)),
                http.bytes("max-head-bytes", kib(1), mib(1)),
                http.bytesOrAuto("max-body-bytes", kib(1), gib(1), room));
    }
}
