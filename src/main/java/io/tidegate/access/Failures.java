package io.tidegate.access;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** How often somebody was nobody, by the reason: there are as many counts as reasons, whatever is tried. Thread-safe. */
public final class Failures {

    /** For each reason; it is only read. */
    private final Map<FailureReason, LongAdder> counts = new EnumMap<>(FailureReason.class);

    public Failures() {
        for (FailureReason reason : FailureReason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    void count(FailureReason reason) {
        Objects.requireNonNull(counts.get(reason), "each has one").increment();
    }

    /** Since the start; each reason is there. */
    public Map<FailureReason, Long> counts() {
        Map<FailureReason, Long> all = new EnumMap<>(FailureReason.class);
        counts.forEach((reason, count) -> all.put(reason, count.sum()));
        return all;
    }
}
