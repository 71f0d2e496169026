package io.tidegate.access;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * How many failed identities an address has.
 *
 * @param perAddress as many at once, and as many in each {@code per} in the long run
 * @param addresses of which that is remembered, at most
 */
public record AttemptSettings(int perAddress, Duration per, int addresses) {

    static AttemptSettings from(Section failures) {
        return new AttemptSettings(
                failures.number("per-address", 1, 1_000_000),
                failures.duration("per", Duration.ofSeconds(1), Duration.ofHours(1)),
                failures.number("addresses", 1, 1_000_000));
    }
}
