package io.tidegate.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import io.tidegate.drain.DrainSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All settings as a server would use them, each with where it comes from; numbers in the place of {@code auto}. */
public final class EffectiveSettings {

    private EffectiveSettings() {}

    /**
     * One line a setting, in HOCON: together they may serve as a configuration file.
     *
     * @param config from {@link ServerConfig#load}
     * @throws StartException with all that is wrong
     */
    public static List<String> lines(Config config) throws StartException {
        ServerSettings settings = ServerSettings.from(config);
        Config tidegate = config.getConfig("tidegate");
        Map<String, String> found = Map.of(
                "connection.max-connections",
                Integer.toString(settings.maxConnections()),
                "connection.max-line-bytes",
                Integer.toString(settings.connection().maxLineBytes()),
                "http.max-body-bytes",
                Long.toString(settings.httpLimits().maxBodyBytes()),
                "websocket.max-frame-bytes",
                Integer.toString(settings.sockets().maxFrameBytes()),
                "websocket.max-message-bytes",
                Integer.toString(settings.sockets().maxMessageBytes()),
                "drain.announce",
                written(settings.drain().announce()),
                "drain.spread",
                written(settings.drain().spread()),
                "drain.timeout",
                written(settings.drain().timeout()),
                "drain.total",
                written(settings.drain().total()));
        return KnownSettings.keys().stream()
                .map(key -> line(tidegate, key, found.get(key)))
                .toList();
    }

    private static String line(Config tidegate, String key, @Nullable String found) {
        boolean isAuto = found != null && tidegate.getString(key).equals("auto");
        String value = isAuto ? found : tidegate.getValue(key).render(ConfigRenderOptions.concise());
        return "tidegate." + key + " = " + value + "  # " + Origin.of(tidegate, key) + (isAuto ? ": auto" : "");
    }

    private static String written(Duration duration) {
        return '"' + DrainSettings.shown(duration) + '"';
    }
}
