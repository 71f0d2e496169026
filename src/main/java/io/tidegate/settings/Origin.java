package io.tidegate.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;

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
        String shown = "tidegate." + key + " = " + value(tidegate, key);
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

    /** In one line, whatever it has in it. */
    static String value(Config config, String key) {
        if (!config.hasPath(key)) {
            return "(nothing)";
        }
        ConfigValue value = config.getValue(key);
        return printable(String.valueOf(value.unwrapped()));
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
