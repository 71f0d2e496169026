package io.tidegate.server;

import com.typesafe.config.Config;
import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloadable;
import io.tidegate.settings.SettingsReader;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings that may become others while the server runs: all of those that have changed, or none of them, are taken over, when
 * somebody asks for it.
 */
final class LiveSettings implements Reloadable {

    /** Below {@code tidegate}: how much clients may have, which pages may ask, how detailed the log is. */
    private static final Pattern LIVE =
            Pattern.compile("access\\.limits\\..+|admin\\.hosts|http\\.(hosts|allowed-origins)"
                    + "|connection\\.(max-connections|max-connections-per-address|connects-per-address)|log\\.level");

    private final SettingsSource source;
    private final Consumer<ServerSettings> taker;

    /** With all defaults; it was checked. What is in it is read when somebody asks, and not at the start. */
    private Config inUse;

    /**
     * Those of a server that has started.
     *
     * @param inUse what it has started with, complete
     * @param source has what it is told now
     * @param taker takes over what has changed; it does not fail
     */
    LiveSettings(Config inUse, SettingsSource source, Consumer<ServerSettings> taker) {
        this.inUse = inUse;
        this.source = source;
        this.taker = taker;
    }

    @Override
    public String what() {
        return "settings";
    }

    @Override
    public Reload reload(Trigger trigger) {
        // Whoever edits a file decides when it is finished.
        if (trigger == Trigger.INTERVAL) {
            return Reload.unchanged();
        }
        try {
            return takeOver(ServerConfig.complete(source.read()));
        } catch (StartException e) {
            return Reload.refused(String.valueOf(e.getMessage()).replaceAll("\\s*\\n\\s*", "; "));
        }
    }

    private Reload takeOver(Config told) throws StartException {
        var reader = new SettingsReader(told);
        ServerSettings settings = ServerSettings.from(reader);
        Map<String, String> values = reader.values();
        SortedSet<String> changed = changed(values);
        List<String> fixed =
                changed.stream().filter(key -> !LIVE.matcher(key).matches()).toList();
        if (!fixed.isEmpty()) {
            return Reload.refused(
                    fixed.stream().map(key -> "tidegate." + key).collect(Collectors.joining(", "))
                            + " cannot change while the server runs, and so nothing has: take that back, or restart the server");
        }
        if (changed.isEmpty()) {
            return Reload.unchanged();
        }
        taker.accept(settings);
        if (changed.contains("log.level")) {
            source.logAt(settings.logLevel());
        }
        inUse = told;
        return Reload.reloaded(changed.stream()
                .map(key -> "tidegate." + key + " = " + values.get(key))
                .collect(Collectors.joining(", ")));
    }

    private SortedSet<String> changed(Map<String, String> told) throws StartException {
        var reader = new SettingsReader(inUse);
        ServerSettings.from(reader);
        Map<String, String> before = reader.values();
        SortedSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(told.keySet());
        keys.removeIf(key -> told.getOrDefault(key, "").equals(before.getOrDefault(key, "")));
        return keys;
    }
}
