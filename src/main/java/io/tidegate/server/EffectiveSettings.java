package io.tidegate.server;

import com.typesafe.config.Config;
import io.tidegate.settings.SettingsReader;
import java.util.List;

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
        var reader = new SettingsReader(config);
        ServerSettings.from(reader);
        return reader.lines();
    }
}
