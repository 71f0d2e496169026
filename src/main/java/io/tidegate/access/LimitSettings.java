package io.tidegate.access;

import io.tidegate.settings.Section;

/**
 * What one identity may have and do.
 *
 * @param connections open at once
 * @param snapshots read at once; 0 if that does not matter
 * @param publishes changes a second; 0 if that does not matter
 * @param publishBytes bytes of changes a second; 0 if that does not matter
 */
public record LimitSettings(int connections, int snapshots, int publishes, long publishBytes) {

    static LimitSettings from(Section limits) {
        return new LimitSettings(
                limits.number("connections", 1, 1_000_000),
                limits.number("snapshots", 0, 1_000_000),
                limits.number("publishes", 0, 10_000_000),
                limits.bytes("publish-bytes", 0, Section.gib(16)));
    }
}
