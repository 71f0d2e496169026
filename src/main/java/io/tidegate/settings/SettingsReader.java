package io.tidegate.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything under {@code tidegate} while it is read: which settings there are, and what is wrong with them.
 *
 * <p>All that is wrong is told at once: who has to mend three things shall not start three times. What nobody reads is no
 * setting.
 */
public final class SettingsReader {

    private static final String AUTO = "auto";

    private Config tidegate;

    private final SortedSet<String> keys = new TreeSet<>();

    /** What each "auto" stands for, as it is written. */
    private final Map<String, String> found = new TreeMap<>();

    /** Those whose values are shown to nobody. */
    private final SortedSet<String> secrets = new TreeSet<>();

    private final Map<String, String> wrong = new TreeMap<>();

    /** What is right by itself and does not fit the rest. */
    private final List<String> misfits = new ArrayList<>();

    /** Reads what is under {@code tidegate} in a configuration with all defaults. */
    public SettingsReader(Config config) {
        if (config.root().get("tidegate") instanceof ConfigObject section) {
            this.tidegate = section.toConfig();
        } else {
            this.tidegate = ConfigFactory.empty();
            wrong.put("", "tidegate = " + Origin.value(config, "tidegate") + ": allowed is a section, tidegate { … }");
        }
    }

    /** The section of that name. */
    public Section section(String name) {
        return new Section(this, name);
    }

    /** The value of a setting; if it is none that is allowed, which is noted then, the stand-in. */
    <T> T value(String key, String allowed, T standIn, Function<Config, @Nullable T> read) {
        keys.add(key);
        if (isUnderNoSection(key)) {
            // Which is told already, or will be.
            return standIn;
        }
        T value;
        try {
            value = read.apply(tidegate);
        } catch (ConfigException | ArithmeticException | InvalidPathException e) {
            value = null;
        }
        if (value == null) {
            wrong.put(key, shown(key) + ": " + allowed);
            return standIn;
        }
        return value;
    }

    /** Whether there is a value. The key is known from then on. */
    boolean has(String key) {
        keys.add(key);
        return !isUnderNoSection(key) && tidegate.hasPathOrNull(key);
    }

    /** How many sections a list has. From then on each is one of the settings, under its number, as the command line has it. */
    int elements(String key, String allowed) {
        List<? extends ConfigValue> elements = value(key, allowed, List.of(), config -> {
            ConfigList list = config.getList(key);
            return list.stream().allMatch(ConfigObject.class::isInstance) ? list : null;
        });
        if (!elements.isEmpty()) {
            ConfigOrigin origin = tidegate.getValue(key).origin();
            Map<String, Object> numbered = new TreeMap<>();
            elements.forEach(element -> numbered.put(Integer.toString(numbered.size()), element));
            tidegate =
                    tidegate.withValue(key, ConfigValueFactory.fromMap(numbered).withOrigin(origin));
            keys.remove(key);
        }
        return elements.size();
    }

    /** What a section has that is not ours. A value is not told where it may be secret. */
    Map<String, String> foreign(String key, ForeignSettings foreign) {
        Map<String, String> texts = new TreeMap<>();
        if (isUnderNoSection(key) || !tidegate.hasPath(key)) {
            return texts;
        }
        if (!(tidegate.getValue(key) instanceof ConfigObject section)) {
            keys.add(key);
            wrong.put(key, shown(key) + ": allowed is a section, tidegate." + key + " { … }");
            return texts;
        }
        section.toConfig().entrySet().forEach(entry -> {
            String name = String.join(".", ConfigUtil.splitPath(entry.getKey()));
            String text = Origin.text(entry.getValue());
            texts.put(name, text);
            note(key + "." + entry.getKey(), name, text, foreign);
        });
        return texts;
    }

    private void note(String key, String name, String text, ForeignSettings foreign) {
        keys.add(key);
        if (!foreign.names().contains(name)) {
            // Perhaps a secret whose name was written wrongly.
            secrets.add(key);
            String meant = Nearest.to(name, foreign.names())
                    .map(nearest -> "did you mean " + nearest + "? Allowed is ")
                    .orElse("allowed is ");
            wrong.put(key, Origin.named(tidegate, key) + ": " + meant + foreign.whichNames());
            return;
        }
        if (foreign.isSecret(name)) {
            secrets.add(key);
        }
        foreign.allowedInstead(name, text)
                .ifPresent(allowed -> wrong.put(
                        key,
                        (foreign.isSecret(name) ? Origin.named(tidegate, key) : shown(key)) + ": allowed is "
                                + allowed));
    }

    private boolean isUnderNoSection(String key) {
        if (wrong.containsKey("")) {
            return true;
        }
        for (int end = key.indexOf('.'); end >= 0; end = key.indexOf('.', end + 1)) {
            String section = key.substring(0, end);
            if (tidegate.hasPath(section) && tidegate.getValue(section).valueType() != ConfigValueType.OBJECT) {
                return true;
            }
        }
        return false;
    }

    boolean isAuto(String key) {
        keys.add(key);
        return tidegate.hasPath(key) && AUTO.equals(tidegate.getValue(key).unwrapped());
    }

    /**
     * A duration without a unit, which would be taken as milliseconds by some and as seconds by others; else empty. Zero needs
     * none; nor does what a program gave as a {@code Duration}, which arrives here as a number that stands in no line.
     */
    String bareNumber(String key) {
        if (!tidegate.hasPath(key)) {
            return "";
        }
        ConfigValue value = tidegate.getValue(key);
        String text = String.valueOf(value.unwrapped()).strip();
        // However it is written, 1e4 or .5: a unit is letters at the end.
        boolean isBare = text.matches("[-+]?\\.?\\d(.*\\P{L})?")
                && !text.matches("0+")
                && (value.valueType() == ConfigValueType.STRING
                        || value.origin().lineNumber() > 0);
        return isBare ? Origin.value(tidegate, key) : "";
    }

    void autoIs(String key, String value) {
        found.put(key, value);
    }

    void misfit(String line) {
        misfits.add(line);
    }

    String shown(String key) {
        return Origin.shown(tidegate, key);
    }

    /** What is wrong, for people; empty if nothing is. To be asked when everything has been read. */
    public Optional<String> complaint() {
        List<String> lines = new ArrayList<>(Names.unknown(tidegate, keys));
        wrong.forEach((key, line) -> {
            if (!Origin.isInherited(tidegate, key, wrong.keySet())) {
                lines.add(line);
            }
        });
        if (lines.isEmpty()) {
            // What belongs together can be looked at when each value is right by itself.
            lines.addAll(misfits);
        }
        if (lines.size() > 1) {
            return Optional.of(lines.size() + " settings are wrong:\n  " + String.join("\n  ", lines));
        }
        return lines.stream().findFirst();
    }

    /** All that was read, one line a setting, in HOCON, with where it comes from; numbers in the place of "auto". */
    public List<String> lines() {
        return keys.stream().filter(tidegate::hasPathOrNull).map(this::line).toList();
    }

    /** The values of all that was read by their keys, as they were told; secrets are among them. For nobody to see. */
    public Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        keys.stream()
                .filter(tidegate::hasPathOrNull)
                .forEach(key -> values.put(key, tidegate.getValue(key).render(ConfigRenderOptions.concise())));
        return values;
    }

    private String line(String key) {
        if (secrets.contains(key)) {
            return "# tidegate." + key + " is set, and not shown  # " + Origin.of(tidegate, key);
        }
        // What is found only when the server runs stays as it is.
        boolean isAuto = isAuto(key) && found.containsKey(key);
        String value = isAuto ? found.get(key) : tidegate.getValue(key).render(ConfigRenderOptions.concise());
        return "tidegate." + key + " = " + value + "  # " + Origin.of(tidegate, key) + (isAuto ? ": auto" : "");
    }
}
