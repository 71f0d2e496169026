package io.tidegate.http;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * One-time tickets.
 *
 * @param lifetime how long one is good for
 * @param most how many there are at once
 */
public record TicketSettings(Duration lifetime, int most) {

    /** Reads {@code tidegate.http}. */
    public static TicketSettings from(Section http) {
        return new TicketSettings(
                http.duration("ticket-lifetime", Duration.ofSeconds(1), Duration.ofMinutes(10)),
                http.number("tickets", 1, 1_000_000));
    }
}
