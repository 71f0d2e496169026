package io.tidegate.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Where the value of a setting comes from, for people. */
final class Origin {

    static final String DEFAULT = "default";

    private static final String REFERENCE = "reference.conf";

    private Origin() {}

    /** {@code /etc/tidegate.conf: 3}, {@code -Dtidegate.tcp.port}, {@code environment variable …}, {@code default}. */
    static String of(Config tidegate, String key) {
        ConfigOrigin origin = tidegate.getValue(key).origin();
        if (REFERENCE.equals(origin.resource())) {
            return DEFAULT;
        }
        return origin.description().contains("system properties") ? "-Dtidegate." + key : origin.description();
    }

    /** The setting with its value, and where that comes from unless a program said it. */
    static String shown(Config tidegate, String key) {
        return withOrigin("tidegate." + key + " = " + value(tidegate, key), tidegate, key);
    }

    /** The same without the value. */
    static String named(Config tidegate, String key) {
        return withOrigin("tidegate." + key, tidegate, key);
    }

    private static String withOrigin(String shown, Config tidegate, String key) {
        return isToldOutside(tidegate, key) ? shown + " (" + of(tidegate, key) + ")" : shown;
    }

    /** By a file, the environment or the command line: there it can be looked for. */
    private static boolean isToldOutside(Config tidegate, String key) {
        if (!tidegate.hasPath(key)) {
            return false;
        }
        String origin = of(tidegate, key);
        return origin.startsWith("-D")
                || origin.startsWith("environment variable")
                || (!origin.equals(DEFAULT) && tidegate.getValue(key).origin().filename() != null);
    }

    /**
     * Whether a setting has its value from one of these others, whose section is the default of its own: what is wrong there is
     * told there.
     */
    static boolean isInherited(Config tidegate, String key, Set<String> others) {
        return others.stream().anyMatch(other -> key.endsWith("." + other) && isSame(tidegate, key, other));
    }

    private static boolean isSame(Config tidegate, String key, String other) {
        if (!tidegate.hasPath(key) || !tidegate.hasPath(other)) {
            return tidegate.hasPath(key) == tidegate.hasPath(other);
        }
        ConfigValue value = tidegate.getValue(key);
        ConfigValue same = tidegate.getValue(other);
        return value.equals(same) && value.origin().equals(same.origin());
    }

    /** In one line, whatever it has in it. */
    static String value(Config config, String key) {
        if (!config.hasPath(key)) {
            return "(nothing)";
        }
        ConfigValue value = config.getValue(key);
        return printable(String.valueOf(value.unwrapped()));
    }

    /** As a library is told it that knows texts only: the elements of a list with commas between them. */
    static String text(ConfigValue value) {
        return value.unwrapped() instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value.unwrapped());
    }

    private static String printable(String text) {
        var printable = new StringBuilder();
        text.codePoints().forEach(each -> {
            if (Character.isISOControl(each) || Character.getType(each) == Character.FORMAT) {
                printable.append(String.format("\\u%04x", each));
            } else {
                printable.appendCodePoint(each);
            }
        });
        return printable.toString();
    }
}
