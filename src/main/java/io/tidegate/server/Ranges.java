package io.tidegate.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.tidegate.http.BrowserGuard;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** What each setting may be. A bad one stops the start with its key, its value and what is allowed. */
final class Ranges {

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** Reads one setting and compares it with its limits. */
    private record Range(String allowed, boolean isDuration, Function<Config, Boolean> check) {
        Range(String allowed, Function<Config, Boolean> check) {
            this(allowed, false, check);
        }
    }

    private static final Map<String, Range> RANGES = new TreeMap<>();

    static {
        addresses("tcp.host");
        numbers("tcp.port", 0, 65_535);
        numbers("tcp.backlog", 1, 65_535);
        switches("tcp.reuse-address");
        switches("tcp.reuse-port");
        addresses("http.host");
        numbers("http.port", 0, 65_535);
        numbers("http.backlog", 1, 65_535);
        switches("http.reuse-address");
        switches("http.reuse-port");
        durations("http.idle-timeout", Duration.ofSeconds(1), DAY);
        durations("http.head-timeout", Duration.ofSeconds(1), HOUR);
        durations("http.body-timeout", Duration.ofSeconds(1), HOUR);
        sizes("http.min-body-rate", 1, MIB);
        sizes("http.max-head-bytes", KIB, MIB);
        sizesOrAuto("http.max-body-bytes", KIB, GIB);
        origins("http.allowed-origins");
        hosts("http.hosts");
        addresses("admin.host");
        numbers("admin.port", 0, 65_535);
        numbers("admin.backlog", 1, 65_535);
        switches("admin.reuse-address");
        switches("admin.reuse-port");
        numbers("admin.max-connections", 1, 1000);
        hosts("admin.hosts");
        numbersOrAuto("connection.max-connections", 1, 1_000_000);
        sizesOrAuto("connection.max-line-bytes", 256, 16 * MIB);
        numbers("connection.pipelined-requests", 1, 1_000_000);
        sizes("connection.pipelined-bytes", KIB, GIB);
        sizes("connection.write-bytes", 4 * KIB, 16 * MIB);
        durations("connection.stall-timeout", Duration.ofMillis(100), DAY);
        durations("connection.linger-timeout", Duration.ofMillis(100), DAY);
        durations("connection.delivered-linger", Duration.ofMillis(100), DAY);
        durations("connection.peer-timeout", Duration.ofSeconds(1), DAY);
        durations("connection.heartbeat-interval", Duration.ofSeconds(1), DAY);
        durations("connection.line-timeout", Duration.ofSeconds(1), HOUR);
        sizes("connection.min-line-rate", 1, MIB);
        sizesOrAuto("websocket.max-frame-bytes", KIB, 16 * MIB);
        durations("websocket.ping-interval", Duration.ofSeconds(1), DAY);
        durations("websocket.pong-timeout", Duration.ofSeconds(1), DAY);
        sizesOrAuto("websocket.max-message-bytes", KIB, 16 * MIB);
        paths("store.directory");
        choices("store.durability", Set.of("sync", "os"));
        switches("store.accept-loss");
        sizes("feed.max-document-bytes", KIB, 15 * MIB);
        numbers("feed.queue.updates", 1, 10_000_000);
        sizes("feed.queue.bytes", 64 * KIB, 16 * GIB);
        numbers("feed.commit.updates", 1, 1_000_000);
        sizes("feed.commit.bytes", KIB, 64 * MIB);
        numbers("feed.batch.updates", 1, 65_535);
        sizes("feed.batch.bytes", KIB, 16 * MIB);
        powersOfTwo("feed.ring.batches", 16, 65_536);
        sizes("feed.ring.bytes", 64 * KIB, 16 * GIB);
        sizes("feed.catch-up-bytes", KIB, 16 * MIB);
        sizes("feed.read-bytes", MIB, 16 * GIB);
        sizes("feed.snapshot-cache-bytes", 0, 16 * GIB);
        durations("feed.round-pause", Duration.ZERO, Duration.ofSeconds(1));
        numbers("feed.retention.updates", 1, 1_000_000_000_000L);
        sizes("feed.retention.bytes", MIB, GIB * 1024 * 1024);
        durations("feed.retention.age", Duration.ZERO, Duration.ofDays(10_000));
        durationsOrAuto("drain.announce", Duration.ZERO, HOUR);
        durationsOrAuto("drain.spread", Duration.ZERO, HOUR);
        durationsOrAuto("drain.timeout", Duration.ofMillis(100), HOUR);
        durationsOrAuto("drain.total", Duration.ofMillis(100), HOUR.multipliedBy(3));
        numbers("drain.reconnects-per-second", 1, 1_000_000);
        durations("takeover.timeout", Duration.ofSeconds(1), HOUR.multipliedBy(4));
        numbers("ledger.entries", 1, 1_000_000);
        levels("log.level", Set.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE"));
    }

    private Ranges() {}

    /**
     * Checks everything under {@code tidegate}.
     *
     * @param tidegate that part of the configuration
     * @throws StartException with all that is wrong
     */
    static void check(Config tidegate) throws StartException {
        var problems = new Problems();
        KnownSettings.check(tidegate, problems);
        for (Map.Entry<String, Range> range : RANGES.entrySet()) {
            check(tidegate, range.getKey(), range.getValue(), problems);
        }
        problems.throwIfAny();
    }

    /** The part under {@code tidegate}. */
    static Config section(Config config) throws StartException {
        try {
            return config.getConfig("tidegate");
        } catch (ConfigException e) {
            throw new StartException(
                    "tidegate = " + Origin.value(config, "tidegate") + ": allowed is a section, tidegate { … }", e);
        }
    }

    private static void check(Config tidegate, String key, Range range, Problems problems) {
        if (isUnderNoSection(tidegate, key)) {
            // Which was told already.
            return;
        }
        boolean allowed;
        try {
            allowed = range.check().apply(tidegate);
        } catch (ConfigException | ArithmeticException | InvalidPathException e) {
            allowed = false;
        }
        if (!allowed) {
            String what = range.isDuration() && isBareNumber(tidegate, key)
                    ? Origin.value(tidegate, key) + " what? Give it a unit, such as 30 s; "
                    : "";
            problems.add(Origin.shown(tidegate, key) + ": " + what + "allowed is " + range.allowed());
        }
    }

    private static boolean isUnderNoSection(Config tidegate, String key) {
        int end = key.lastIndexOf('.');
        if (end < 0) {
            return false;
        }
        String section = key.substring(0, end);
        if (isUnderNoSection(tidegate, section)) {
            return true;
        }
        return tidegate.hasPath(section) && tidegate.getValue(section).valueType() != ConfigValueType.OBJECT;
    }

    /**
     * A duration without a unit, which would be taken as milliseconds by some and as seconds by others. Zero needs none; nor
     * does what a program gave as a {@link Duration}, which arrives here as a number that stands in no line.
     */
    private static boolean isBareNumber(Config config, String key) {
        if (!config.hasPath(key)) {
            return false;
        }
        ConfigValue value = config.getValue(key);
        String text = String.valueOf(value.unwrapped()).strip();
        return text.matches("[-+]?\\d+(\\.\\d*)?")
                && !text.matches("0+")
                && (value.valueType() == ConfigValueType.STRING
                        || value.origin().lineNumber() > 0);
    }

    private static void numbers(String key, long least, long most) {
        RANGES.put(
                key,
                new Range("a whole number from " + least + " to " + most, config -> isWhole(config, key, least, most)));
    }

    private static void numbersOrAuto(String key, long least, long most) {
        RANGES.put(
                key,
                new Range(
                        "auto, or a whole number from " + least + " to " + most,
                        config -> isAuto(config, key) || isWhole(config, key, least, most)));
    }

    private static boolean isWhole(Config config, String key, long least, long most) {
        long value = config.getLong(key);
        return value >= least && value <= most && config.getDouble(key) == value;
    }

    private static boolean isAuto(Config config, String key) {
        return config.getString(key).equals("auto");
    }

    private static void powersOfTwo(String key, long least, long most) {
        RANGES.put(key, new Range("a power of two from " + least + " to " + most, config -> {
            long value = config.getLong(key);
            return value >= least && value <= most && Long.bitCount(value) == 1;
        }));
    }

    private static void sizes(String key, long least, long most) {
        String allowed = "a size from " + Units.shown(least) + " to " + Units.shown(most);
        RANGES.put(key, new Range(allowed, config -> isSize(config, key, least, most)));
    }

    private static void sizesOrAuto(String key, long least, long most) {
        String allowed = "auto, or a size from " + Units.shown(least) + " to " + Units.shown(most);
        RANGES.put(key, new Range(allowed, config -> isAuto(config, key) || isSize(config, key, least, most)));
    }

    private static boolean isSize(Config config, String key, long least, long most) {
        long value = config.getBytes(key);
        return value >= least && value <= most;
    }

    private static void durations(String key, Duration least, Duration most) {
        RANGES.put(
                key,
                new Range(
                        "a duration from " + Units.shown(least) + " to " + Units.shown(most),
                        true,
                        config -> !isBareNumber(config, key) && isWithin(config.getDuration(key), least, most)));
    }

    private static void durationsOrAuto(String key, Duration least, Duration most) {
        RANGES.put(
                key,
                new Range(
                        "auto, or a duration from " + Units.shown(least) + " to " + Units.shown(most),
                        true,
                        config -> isAuto(config, key)
                                || (!isBareNumber(config, key) && isWithin(config.getDuration(key), least, most))));
    }

    private static boolean isWithin(Duration value, Duration least, Duration most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private static void switches(String key) {
        RANGES.put(key, new Range("on or off", config -> Set.of(true, false).contains(config.getBoolean(key))));
    }

    private static void origins(String key) {
        lists(key, "a list of origins, such as [\"https://desk.example\"]", BrowserGuard::isOrigin);
    }

    private static void hosts(String key) {
        lists(key, "a list of host names without ports, such as [\"desk.example\"]", BrowserGuard::isHost);
    }

    private static void lists(String key, String allowed, Predicate<String> isAllowed) {
        RANGES.put(key, new Range(allowed, config -> config.getStringList(key).stream()
                .allMatch(isAllowed)));
    }

    private static void choices(String key, Set<String> choices) {
        RANGES.put(
                key, new Range("one of " + new TreeSet<>(choices), config -> choices.contains(config.getString(key))));
    }

    /** In any case: they are written in both. */
    private static void levels(String key, Set<String> levels) {
        RANGES.put(
                key,
                new Range(
                        "one of " + new TreeSet<>(levels),
                        config -> levels.contains(config.getString(key).toUpperCase(Locale.ROOT))));
    }

    private static void addresses(String key) {
        RANGES.put(key, new Range("a name or an address, such as 127.0.0.1", config -> config.getString(key)
                .matches("[^\\s\\p{Cntrl}]+")));
    }

    private static void paths(String key) {
        RANGES.put(key, new Range("the path of a directory", config -> {
            String path = config.getString(key);
            return !path.isBlank() && !Path.of(path).toString().isEmpty();
        }));
    }
}
