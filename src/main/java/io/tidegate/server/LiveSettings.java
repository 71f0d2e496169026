package io.tidegate.server;

import com.typesafe.config.Config;
import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloadable;
import io.tidegate.settings.SettingsReader;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings that may become others while the server runs: all of those that have changed, or none of them, are taken over, when
 * somebody asks for it.
 */
final class LiveSettings implements Reloadable {

    /** Below {@code tidegate}: how much clients may have, which pages may ask, how detailed the log is. */
    private static final Pattern LIVE =
            Pattern.compile("access\\.limits\\..+|admin\\.hosts|http\\.(hosts|allowed-origins)"
                    + "|connection\\.(max-connections|max-connections-per-address|connects-per-address)|log\\.level");

    private final List<Consumer<ServerSettings>> takers = new ArrayList<>();

    /** By their keys, as they are in use. */
    private SortedMap<String, String> inUse;

    private volatile @Nullable SettingsSource source;

    /** @param complete what the server starts with, which was checked */
    LiveSettings(Config complete) throws StartException {
        var reader = new SettingsReader(complete);
        ServerSettings.from(reader);
        inUse = new TreeMap<>(reader.values());
    }

    /** Has something take over what has changed; to be called before the first reload. It does not fail. */
    void take(Consumer<ServerSettings> taker) {
        takers.add(taker);
    }

    /** Before this is called, nothing is read anew. */
    void readFrom(SettingsSource from) {
        source = from;
    }

    @Override
    public String what() {
        return "settings";
    }

    @Override
    public Reload reload(Trigger trigger) {
        SettingsSource from = source;
        // Whoever edits a file decides when it is finished.
        if (from == null || trigger == Trigger.INTERVAL) {
            return Reload.unchanged();
        }
        try {
            var reader = new SettingsReader(ServerConfig.complete(from.read()));
            ServerSettings settings = ServerSettings.from(reader);
            return takeOver(settings, new TreeMap<>(reader.values()), from);
        } catch (StartException e) {
            return Reload.refused(String.valueOf(e.getMessage()).replaceAll("\\s*\\n\\s*", "; "));
        }
    }

    private Reload takeOver(ServerSettings settings, SortedMap<String, String> told, SettingsSource from) {
        SortedSet<String> changed = changed(told);
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
        takers.forEach(taker -> taker.accept(settings));
        if (changed.contains("log.level")) {
            from.logAt(settings.logLevel());
        }
        inUse = told;
        return Reload.reloaded(changed.stream()
                .map(key -> "tidegate." + key + " = " + told.get(key))
                .collect(Collectors.joining(", ")));
    }

    private SortedSet<String> changed(SortedMap<String, String> told) {
        SortedSet<String> keys = new TreeSet<>(inUse.keySet());
        keys.addAll(told.keySet());
        keys.removeIf(key -> told.getOrDefault(key, "").equals(inUse.getOrDefault(key, "")));
        return keys;
    }
}
