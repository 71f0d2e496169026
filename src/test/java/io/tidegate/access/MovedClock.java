package io.tidegate.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A time of day that a test sets. */
final class MovedClock implements InstantSource {

    static final Instant START = Instant.parse("2026-11-29T12:00:00Z");

    private volatile Instant now = START;

    @Override
    public Instant instant() {
        return now;
    }

    void passes(Duration time) {
        now = now.plus(time);
    }
}
