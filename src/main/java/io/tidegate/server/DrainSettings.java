package io.tidegate.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
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

    /** What the phases besides the two long waits may take; together 10 s. They end as soon as their work is done. */
    private static final Duration ANNOUNCE_MARGIN = Duration.ofMillis(500);

    private static final Duration UNBIND = Duration.ofSeconds(2);
    private static final Duration DRAIN_MARGIN = Duration.ofSeconds(2);
    private static final Duration STOP = Duration.ofMillis(500);
    private static final Duration CLOSE_STORE = Duration.ofSeconds(3);
    private static final Duration TERMINATE = Duration.ofSeconds(2);

    /** Reads {@code tidegate.drain}; ranges were checked before. */
    static DrainSettings from(Config config) throws StartException {
        Duration announce = config.getDuration("announce");
        Duration spread = config.getDuration("spread");
        Duration timeout = config.getDuration("timeout");
        if (spread.compareTo(timeout) >= 0) {
            throw new StartException(
                    "tidegate.drain.spread = " + shown(spread) + ": allowed is less than tidegate.drain.timeout = "
                            + shown(timeout) + ", or the last clients would be aborted before their turn");
        }
        Duration least = announce.plus(timeout).plus(margins());
        Duration total = config.getString("total").equals("auto") ? least : config.getDuration("total");
        if (total.compareTo(least) < 0) {
            throw new StartException("tidegate.drain.total = " + shown(total) + ": allowed is at least " + shown(least)
                    + " = announce " + shown(announce) + " + timeout " + shown(timeout) + " + " + shown(margins())
                    + " to close and terminate");
        }
        return new DrainSettings(announce, spread, timeout, total, config.getInt("reconnects-per-second"));
    }

    private static Duration margins() {
        return ANNOUNCE_MARGIN
                .plus(UNBIND)
                .plus(DRAIN_MARGIN)
                .plus(STOP)
                .plus(CLOSE_STORE)
                .plus(TERMINATE);
    }

    /**
     * The timeouts of the coordinated shutdown's phases that follow from these settings.
     *
     * <p>Akka abandons a phase at its timeout, five seconds by default, and goes on: shorter than the drain's own deadline it
     * would cut the drain short.
     */
    Config phaseTimeouts() {
        Map<String, Object> timeouts = new LinkedHashMap<>();
        timeouts.put("before-service-unbind", announce.plus(ANNOUNCE_MARGIN));
        timeouts.put("service-unbind", UNBIND);
        timeouts.put("service-requests-done", timeout.plus(DRAIN_MARGIN));
        timeouts.put("service-stop", STOP);
        timeouts.put("before-actor-system-terminate", CLOSE_STORE);
        timeouts.put("actor-system-terminate", TERMINATE);
        Config config = ConfigFactory.empty();
        for (Map.Entry<String, Object> phase : timeouts.entrySet()) {
            config = config.withFallback(ConfigFactory.parseMap(
                    Map.of("akka.coordinated-shutdown.phases." + phase.getKey() + ".timeout", phase.getValue())));
        }
        return config;
    }

    /** As people write it: {@code 20 s}, {@code 500 ms}. */
    static String shown(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
