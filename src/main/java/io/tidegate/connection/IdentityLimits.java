package io.tidegate.connection;

import static io.tidegate.settings.Section.kib;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * How a client shows who it is, where it has to.
 *
 * @param timeout for how long it may be nobody
 * @param lineBytes longest line, or message, until then
 * @param attempts so many that fail end the connection
 * @param expiryNotice how long before its identity ends it is told so
 */
public record IdentityLimits(Duration timeout, int lineBytes, int attempts, Duration expiryNotice) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    static IdentityLimits from(Section connection) {
        return new IdentityLimits(
                connection.duration("identity-timeout", SECOND, HOUR),
                connection.bytes("identity-line-bytes", 256, kib(64)),
                connection.number("identity-attempts", 1, 100),
                connection.duration("expiry-notice", SECOND, HOUR));
    }
}
