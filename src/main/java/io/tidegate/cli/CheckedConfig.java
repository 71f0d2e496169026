package io.tidegate.cli;

import com.typesafe.config.Config;
import io.tidegate.server.EffectiveSettings;
import io.tidegate.server.NamedFiles;
import io.tidegate.server.ServerConfig;
import io.tidegate.server.ServerSettings;
import io.tidegate.server.StartException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server's settings, read and checked as at its start. */
final class CheckedConfig {

    private CheckedConfig() {}

    /** All settings as they would be used, one a line; they may serve as a configuration file. The files that they name are read, too. */
    static List<String> settings(@Nullable Path file) throws CommandEnd {
        ServerLog.warningsOnly();
        try {
            Config config = ServerConfig.load(file);
            List<String> lines = EffectiveSettings.lines(config);
            NamedFiles.check(ServerSettings.from(config));
            return lines;
        } catch (StartException e) {
            throw CommandEnd.failed(String.valueOf(e.getMessage()));
        }
    }

    /** Where the server has its tokens. */
    static Optional<Path> tokensFile(@Nullable Path file) throws CommandEnd {
        try {
            return ServerSettings.from(ServerConfig.load(file)).access().tokensFile();
        } catch (StartException e) {
            throw CommandEnd.failed(String.valueOf(e.getMessage()));
        }
    }
}
