package io.tidegate.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The names of all settings, in the configuration and in the environment, and what to say of others.
 *
 * <p>What was told under a name that does not exist is carried along in a section of its own, with its origin, so that it is
 * told together with whatever else is wrong.
 */
public final class Names {

    /** Holds what stood outside the sections that a file may have. No setting has this name. */
    private static final String MISPLACED = "misplaced";

    /** Holds variables of the environment that set nothing. */
    private static final String VARIABLES = "variables";

    private static final String PREFIX = "TIDEGATE_";

    /** What clients know, and a server does not: the token that they show. */
    private static final Set<String> OF_CLIENTS = Set.of("TIDEGATE_TOKEN");

    /** What a file may have beside the settings: Akka's own, and the threads that it runs. */
    private static final Set<String> SECTIONS = Set.of("tidegate", "akka", "tidegate-dispatchers");

    private static final Config DEFAULTS = ConfigFactory.defaultReferenceUnresolved()
            .resolve(ConfigResolveOptions.noSystem())
            .getConfig("tidegate");

    private static final Set<String> KEYS = keys(DEFAULTS);

    /** Variables with the keys that they set. */
    private static final Map<String, String> KEY_OF_VARIABLE =
            KEYS.stream().collect(Collectors.toMap(Names::variable, Function.identity()));

    private Names() {}

    /** {@code http.idle-timeout} is {@code TIDEGATE_HTTP_IDLE_TIMEOUT}. */
    static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The keys of those that are lists. */
    static List<String> lists() {
        return KEYS.stream()
                .filter(key -> DEFAULTS.getValue(key).valueType() == ConfigValueType.LIST)
                .toList();
    }

    private static Set<String> keys(Config config) {
        Set<String> keys = new TreeSet<>();
        config.entrySet().forEach(entry -> keys.add(entry.getKey()));
        return keys;
    }

    /** What variables of the environment set. */
    public static Config told(Map<String, String> environment) {
        Config told = ConfigFactory.empty();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            String key = KEY_OF_VARIABLE.get(name);
            if (key != null) {
                told = with(told, "tidegate." + key, name, variable.getValue());
            } else if (name.startsWith(PREFIX)
                    && !OF_CLIENTS.contains(name)
                    && !isServiceLink(name, variable.getValue())) {
                told = with(told, ConfigUtil.joinPath("tidegate", VARIABLES, name), name, variable.getValue());
            }
        }
        return told;
    }

    private static Config with(Config config, String path, String variable, String value) {
        return config.withValue(path, ConfigValueFactory.fromAnyRef(value, "environment variable " + variable));
    }

    /** Kubernetes tells every pod of a namespace of its services: one that is named tidegate is {@code TIDEGATE_PORT} and more. */
    private static boolean isServiceLink(String name, String value) {
        return name.contains("_SERVICE_")
                || value.matches("(tcp|udp|sctp)://.*")
                || name.matches(".*_PORT_\\d+_(TCP|UDP|SCTP)_(PROTO|PORT|ADDR)");
    }

    /** A file as it was told, with what stands outside its sections set apart. */
    public static Config setApart(Config file) {
        Config apart = file;
        for (String section : file.root().keySet()) {
            if (!SECTIONS.contains(section)) {
                apart = apart.withoutPath(ConfigUtil.joinPath(section))
                        .withValue(
                                ConfigUtil.joinPath("tidegate", MISPLACED, section),
                                file.root().get(section));
            }
        }
        return apart;
    }

    /** What to say of everything that nobody has read, in order. */
    static List<String> unknown(Config tidegate, Set<String> read) {
        Set<String> unknown = keys(tidegate);
        unknown.removeAll(read);
        return unknown.stream()
                .filter(key -> !Origin.isInherited(tidegate, key, unknown))
                .map(key -> unknown(key, tidegate, read))
                .toList();
    }

    private static String unknown(String key, Config tidegate, Set<String> read) {
        String first = ConfigUtil.splitPath(key).get(0);
        if (first.equals(VARIABLES)) {
            String name = ConfigUtil.splitPath(key).get(1);
            return "unknown environment variable " + name + ": "
                    + advice(Nearest.to(name, KEY_OF_VARIABLE.keySet()).orElse(""));
        }
        if (read.stream().anyMatch(name -> name.startsWith(key + "."))) {
            return noSection(key, tidegate);
        }
        String name = first.equals(MISPLACED) ? key.substring(MISPLACED.length() + 1) : "tidegate." + key;
        return "unknown setting " + name + " (" + Origin.of(tidegate, key) + "): " + advice(nearest(name, read));
    }

    private static String noSection(String key, Config tidegate) {
        return Origin.shown(tidegate, key) + ": allowed is a section, tidegate." + key + " { … }";
    }

    /** A value in a section's place, which hides defaults that others refer to, so that nothing can be resolved. */
    public static Optional<String> valueForSection(Config told) {
        if (!(told.root().get("tidegate") instanceof ConfigObject tidegate)) {
            return Optional.empty();
        }
        return DEFAULTS.root().keySet().stream()
                .filter(section -> DEFAULTS.root().get(section) instanceof ConfigObject
                        && tidegate.containsKey(section)
                        && !(tidegate.get(section) instanceof ConfigObject))
                .map(section -> noSection(section, tidegate.toConfig().withOnlyPath(section)))
                .findFirst();
    }

    /** With its prefix, which may be what is missing. */
    private static String nearest(String name, Set<String> read) {
        Set<String> known = read.stream().map(key -> "tidegate." + key).collect(Collectors.toSet());
        return Nearest.to(name, known)
                .or(() -> Nearest.to("tidegate." + name, known))
                .orElse("");
    }

    private static String advice(String nearest) {
        return (nearest.isEmpty() ? "" : "did you mean " + nearest + "? ")
                + "Remove it, or see reference.conf for its right name";
    }
}
