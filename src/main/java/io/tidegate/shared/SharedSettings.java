package io.tidegate.shared;

import static io.tidegate.settings.Section.gib;
import static io.tidegate.settings.Section.kib;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * Limits of an order that several nodes share.
 *
 * @param openTimeout how long a start waits for a log that does not answer
 * @param publishTimeout how long a change waits to be put in order
 * @param windowGroups groups that are proposed and not read yet, at most
 * @param windowBytes the same in bytes
 * @param pollTime how long a read of the log waits for something new
 * @param lagTimeout how long this node may be behind the log, or not know whether it is, and be called ready
 * @param trimming what of the log may go
 * @param announceInterval how often this node tells the others of itself
 * @param advertise what it tells of where it is
 */
public record SharedSettings(
        Duration openTimeout,
        Duration publishTimeout,
        int windowGroups,
        long windowBytes,
        Duration pollTime,
        Duration lagTimeout,
        Trim trimming,
        Duration announceInterval,
        AdvertiseSettings advertise) {

    /**
     * What may go.
     *
     * @param isOn nothing does otherwise
     * @param keepFor entries that are younger stay, by the log's clock
     * @param interval how often it is looked
     */
    public record Trim(boolean isOn, Duration keepFor, Duration interval) {

        public static final Trim OFF = new Trim(false, Duration.ZERO, Duration.ZERO);

        static Trim from(Section trimming) {
            return new Trim(
                    trimming.isOn("enabled"),
                    trimming.duration("keep-for", Duration.ofMinutes(1), Duration.ofDays(3650)),
                    trimming.duration("interval", Duration.ofSeconds(1), Duration.ofDays(1)));
        }
    }

    /** Reads {@code tidegate.shared}. */
    public static SharedSettings from(Section shared) {
        return new SharedSettings(
                shared.duration("open-timeout", Duration.ZERO, Duration.ofHours(1)),
                shared.duration("publish-timeout", Duration.ofSeconds(1), Duration.ofHours(1)),
                shared.number("window.groups", 1, 1000),
                shared.bytes("window.bytes", kib(64), gib(1)),
                shared.duration("poll-time", Duration.ofMillis(10), Duration.ofSeconds(10)),
                shared.duration("lag-timeout", Duration.ofSeconds(1), Duration.ofHours(1)),
                Trim.from(shared.section("trimming")),
                shared.duration("announce-interval", Duration.ofSeconds(1), Duration.ofHours(1)),
                AdvertiseSettings.from(shared.section("advertise")));
    }
}
