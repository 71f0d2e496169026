package io.tidegate.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where settings come from: {@code -D} over the environment over the file over {@code reference.conf}. */
public final class ServerConfig {

    private ServerConfig() {}

    /**
     * Everything that this process was told.
     *
     * @param file a HOCON file; null for none
     * @throws StartException if the file cannot be read
     */
    public static Config load(@Nullable Path file) throws StartException {
        Config told = ConfigFactory.systemProperties()
                .withFallback(resource("environment.conf").resolveWith(ConfigFactory.systemEnvironment()))
                .withFallback(file == null ? ConfigFactory.empty() : parse(file));
        return complete(told);
    }

    /** Adds the defaults to what a program or a person said. */
    static Config complete(Config told) throws StartException {
        try {
            return told.withFallback(resource("akka.conf"))
                    .withFallback(ConfigFactory.defaultReferenceUnresolved())
                    .resolve();
        } catch (ConfigException e) {
            throw new StartException("the configuration cannot be resolved: " + e.getMessage(), e);
        }
    }

    private static Config resource(String name) {
        return ConfigFactory.parseResources(
                ServerConfig.class, name, ConfigParseOptions.defaults().setAllowMissing(false));
    }

    private static Config parse(Path file) throws StartException {
        if (!Files.isReadable(file)) {
            throw new StartException("cannot read the configuration file " + file);
        }
        try {
            return ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
        } catch (ConfigException e) {
            throw new StartException("the configuration file is not valid HOCON: " + e.getMessage(), e);
        }
    }
}
