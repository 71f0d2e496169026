package io.tidegate.drain;

import io.tidegate.settings.Section;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How the server ends.
 *
 * @param announce how long clients are still accepted after the trigger
 * @param spread over how long the shutdowns of the connections are spread
 * @param timeout after how long stragglers are aborted, counted from the unbinding
 * @param total the whole stop takes no longer
 * @param reconnectsPerSecond how many clients a second are invited back
 */
public record DrainSettings(
        Duration announce, Duration spread, Duration timeout, Duration total, int reconnectsPerSecond) {

    private static final Duration HOUR = Duration.ofHours(1);

    /** How long the connections have, when nothing says otherwise. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(100);

    /** To unbind, close the store and terminate: milliseconds, unless something is stuck. */
    private static final Duration LEAST_CLOSING = Duration.ofSeconds(3);

    private static final Duration MOST_CLOSING = Duration.ofSeconds(10);

    /** Reads {@code tidegate.drain}. */
    public static DrainSettings from(Section drain) {
        Duration announce =
                drain.durationUnlessAuto("announce", Duration.ZERO, HOUR).orElse(Duration.ZERO);
        Duration spread =
                drain.durationUnlessAuto("spread", Duration.ZERO, HOUR).orElse(Duration.ZERO);
        Optional<Duration> timeout = drain.durationUnlessAuto("timeout", LEAST_TIMEOUT, HOUR);
        Optional<Duration> total = drain.durationUnlessAuto("total", LEAST_TIMEOUT, HOUR.multipliedBy(3));
        int reconnectsPerSecond = drain.number("reconnects-per-second", 1, 1_000_000);
        Duration waits = timeout.orElseGet(
                () -> total.map(all -> timeoutWithin(all, announce)).orElse(spread.plus(PATIENCE)));
        Duration all = total.orElse(announce.plus(waits).plus(MOST_CLOSING));
        var settings = new DrainSettings(announce, spread, waits, all, reconnectsPerSecond);
        settings.misfit(timeout.isPresent(), total.isPresent()).ifPresent(drain::misfit);
        drain.autoIs("announce", announce);
        drain.autoIs("spread", spread);
        drain.autoIs("timeout", waits);
        drain.autoIs("total", all);
        return settings;
    }

    /** Two thirds of the total are for the waits: what of these the announcement leaves. */
    private static Duration timeoutWithin(Duration total, Duration announce) {
        return total.minus(announce).minus(closing(total.toMillis() / 3));
    }

    /** What does not fit, by its arithmetic. */
    private Optional<String> misfit(boolean isTimeoutTold, boolean isTotalTold) {
        boolean isSpreadTooLong = spread.compareTo(timeout) >= 0;
        if (isTotalTold && !isTimeoutTold && (isSpreadTooLong || timeout.compareTo(LEAST_TIMEOUT) < 0)) {
            return Optional.of("tidegate.drain.total = " + shown(total) + ": it leaves " + shown(timeout)
                    + " for the connections = total " + shown(total) + " - announce " + shown(announce) + " - "
                    + shown(total.minus(announce).minus(timeout))
                    + " to close and terminate; allowed is what leaves " + shown(LEAST_TIMEOUT)
                    + " at least, and more than spread " + shown(spread));
        }
        Duration waits = announce.plus(timeout);
        Duration closing = closing(waits.toMillis() / 2);
        Duration least = waits.plus(closing);
        if (isTotalTold && isTimeoutTold && total.compareTo(least) < 0) {
            return Optional.of("tidegate.drain.total = " + shown(total) + ": allowed is at least " + shown(least)
                    + " = announce " + shown(announce) + " + timeout " + shown(timeout) + " + " + shown(closing)
                    + " to close and terminate");
        }
        return isSpreadTooLong
                ? Optional.of("tidegate.drain.spread = " + shown(spread)
                        + ": allowed is less than tidegate.drain.timeout = " + shown(timeout)
                        + ", or the last clients would be aborted before their turn")
                : Optional.empty();
    }

    private static Duration closing(long millis) {
        return Duration.ofMillis(Math.max(LEAST_CLOSING.toMillis(), Math.min(millis, MOST_CLOSING.toMillis())));
    }

    /**
     * The timeouts of the coordinated shutdown's phases that follow from these settings, by the names of Akka's settings.
     *
     * <p>Akka abandons a phase at its timeout, five seconds by default, and goes on: shorter than the drain's own deadline it
     * would cut the drain short.
     */
    public Map<String, Duration> phaseTimeouts() {
        Duration rest = total.minus(announce).minus(timeout);
        Duration closing = rest.compareTo(MOST_CLOSING) < 0 ? rest : MOST_CLOSING;
        return Map.of(
                phase("before-service-unbind"), announce.plus(percent(5, closing)),
                phase("service-unbind"), percent(20, closing),
                phase("service-requests-done"), timeout.plus(percent(20, closing)),
                phase("service-stop"), percent(5, closing),
                phase("before-actor-system-terminate"), percent(30, closing),
                phase("actor-system-terminate"), percent(20, closing));
    }

    private static String phase(String name) {
        return "akka.coordinated-shutdown.phases." + name + ".timeout";
    }

    private static Duration percent(int percent, Duration whole) {
        return whole.multipliedBy(percent).dividedBy(100);
    }

    /** As people write it: {@code 20 s}, {@code 500 ms}. */
    public static String shown(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
