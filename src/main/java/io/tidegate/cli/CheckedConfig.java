package io.tidegate.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import io.tidegate.server.ServerConfig;
import io.tidegate.server.ServerSettings;
import io.tidegate.server.StartException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The server's settings, read and checked as at its start. */
final class CheckedConfig {

    private static final ConfigRenderOptions HOCON =
            ConfigRenderOptions.concise().setFormatted(true).setJson(false);

    private CheckedConfig() {}

    /** All settings in HOCON; they may serve as a configuration file. */
    static String settings(@Nullable Path file) throws CommandEnd {
        try {
            Config config = ServerConfig.load(file);
            var unused = ServerSettings.from(config);
            return config.withOnlyPath("tidegate").root().render(HOCON).stripTrailing();
        } catch (StartException e) {
            throw CommandEnd.failed(String.valueOf(e.getMessage()));
        }
    }
}
