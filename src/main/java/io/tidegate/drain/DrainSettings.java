package io.tidegate.drain;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Map;

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

    private static final String AUTO = "auto";

    /** How long the connections have, when nothing says otherwise. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(100);

    /** To unbind, close the store and terminate: milliseconds, unless something is stuck. */
    private static final Duration LEAST_CLOSING = Duration.ofSeconds(3);

    private static final Duration MOST_CLOSING = Duration.ofSeconds(10);

    /** Reads {@code tidegate.drain}; ranges were checked before. */
    public static DrainSettings from(Config config) {
        Duration announce = isAuto(config, "announce") ? Duration.ZERO : config.getDuration("announce");
        Duration spread = isAuto(config, "spread") ? Duration.ZERO : config.getDuration("spread");
        int reconnectsPerSecond = config.getInt("reconnects-per-second");
        if (isAuto(config, "total")) {
            Duration timeout = isAuto(config, "timeout") ? spread.plus(PATIENCE) : config.getDuration("timeout");
            requireTurns(spread, timeout);
            Duration total = announce.plus(timeout).plus(MOST_CLOSING);
            return new DrainSettings(announce, spread, timeout, total, reconnectsPerSecond);
        }
        Duration total = config.getDuration("total");
        Duration timeout = isAuto(config, "timeout")
                ? timeoutWithin(total, announce, spread)
                : timeoutThatFits(config.getDuration("timeout"), total, announce);
        requireTurns(spread, timeout);
        return new DrainSettings(announce, spread, timeout, total, reconnectsPerSecond);
    }

    private static boolean isAuto(Config config, String key) {
        return config.getString(key).equals(AUTO);
    }

    private static void requireTurns(Duration spread, Duration timeout) {
        if (spread.compareTo(timeout) >= 0) {
            throw new IllegalArgumentException(
                    "tidegate.drain.spread = " + shown(spread) + ": allowed is less than tidegate.drain.timeout = "
                            + shown(timeout) + ", or the last clients would be aborted before their turn");
        }
    }

    /** Two thirds of the total are for the waits: what of these the announcement leaves. */
    private static Duration timeoutWithin(Duration total, Duration announce, Duration spread) {
        Duration closing = closing(total.toMillis() / 3);
        Duration timeout = total.minus(announce).minus(closing);
        if (timeout.compareTo(LEAST_TIMEOUT) < 0 || timeout.compareTo(spread) <= 0) {
            throw new IllegalArgumentException(
                    "tidegate.drain.total = " + shown(total) + ": it leaves " + shown(timeout)
                            + " for the connections = total " + shown(total) + " - announce " + shown(announce) + " - "
                            + shown(closing) + " to close and terminate; allowed is what leaves " + shown(LEAST_TIMEOUT)
                            + " at least, and more than spread " + shown(spread));
        }
        return timeout;
    }

    private static Duration timeoutThatFits(Duration timeout, Duration total, Duration announce) {
        Duration waits = announce.plus(timeout);
        Duration closing = closing(waits.toMillis() / 2);
        Duration least = waits.plus(closing);
        if (total.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "tidegate.drain.total = " + shown(total) + ": allowed is at least " + shown(least)
                            + " = announce " + shown(announce) + " + timeout " + shown(timeout) + " + " + shown(closing)
                            + " to close and terminate");
        }
        return timeout;
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
