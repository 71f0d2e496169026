package io.tidegate.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.Arrays;

/**
 * Settings that are lists. A system property or a variable of the environment can only be text, so that text is taken as well:
 * {@code ["a", "b"]} or {@code a, b}; and so are {@code -D} options for each element, whose names end in {@code .0}, {@code .1}.
 */
public final class Lists {

    private Lists() {}

    /** The configuration with lists where there was text for them. */
    public static Config read(Config config) {
        Config read = config;
        for (String key : Names.lists()) {
            String path = "tidegate." + key;
            // A section that is none is told later, with all that is wrong.
            if (isThere(read, path)) {
                read = read(read, path);
            }
        }
        return read;
    }

    private static boolean isThere(Config config, String path) {
        try {
            return config.hasPath(path);
        } catch (ConfigException e) {
            return false;
        }
    }

    private static Config read(Config config, String path) {
        ConfigValue told = config.getValue(path);
        try {
            return switch (told.valueType()) {
                case STRING -> with(config, path, elements(String.valueOf(told.unwrapped())), told);
                case OBJECT -> with(config, path, config.getList(path), told);
                default -> config;
            };
        } catch (ConfigException e) {
            // It is none, which is told with the other wrong values.
            return config;
        }
    }

    private static Config with(Config config, String path, Iterable<?> elements, ConfigValue told) {
        return config.withValue(path, ConfigValueFactory.fromIterable(elements).withOrigin(told.origin()));
    }

    private static Iterable<?> elements(String text) {
        if (text.strip().startsWith("[")) {
            ConfigList list = ConfigFactory.parseString("list = " + text).getList("list");
            return list.unwrapped();
        }
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
    }
}
