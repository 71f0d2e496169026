package io.tidegate.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.tidegate.document.Reason;
import io.tidegate.settings.Lists;
import io.tidegate.settings.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where settings come from: {@code -D} over the environment over the file over {@code reference.conf}. */
public final class ServerConfig {

    private ServerConfig() {}

    /**
     * Everything that this process was told. What has no right name is in it, too: it is refused with whatever else is wrong.
     *
     * @param file a HOCON file; null for none
     * @throws StartException if the file cannot be read
     */
    public static Config load(@Nullable Path file) throws StartException {
        return load(file, System.getenv());
    }

    static Config load(@Nullable Path file, Map<String, String> environment) throws StartException {
        Config told = ConfigFactory.systemProperties()
                .withFallback(Names.told(environment))
                .withFallback(file == null ? ConfigFactory.empty() : Names.setApart(parse(file)));
        return complete(told);
    }

    /** Adds the defaults to what a program or a person said. */
    static Config complete(Config told) throws StartException {
        try {
            return Lists.read(told.withFallback(resource("akka.conf"))
                    .withFallback(ConfigFactory.defaultReferenceUnresolved())
                    .resolve());
        } catch (ConfigException e) {
            throw new StartException(
                    Names.valueForSection(told)
                            .orElseGet(() -> "the configuration cannot be resolved: " + e.getMessage()),
                    e);
        }
    }

    private static Config resource(String name) {
        return ConfigFactory.parseResources(
                ServerConfig.class, name, ConfigParseOptions.defaults().setAllowMissing(false));
    }

    private static Config parse(Path file) throws StartException {
        // Not by opening it: it may be a pipe. The parser would tell it by the names of classes.
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new StartException("cannot read the configuration file " + file + ": " + unreadable(file));
        }
        requireText(file);
        try {
            // Absolute: messages say where a value was set.
            return ConfigFactory.parseFile(
                    file.toAbsolutePath().toFile(),
                    ConfigParseOptions.defaults().setAllowMissing(false));
        } catch (ConfigException.IO e) {
            throw new StartException(
                    "the configuration file " + file + " cannot be read, or what it includes: " + Reason.of(e), e);
        } catch (ConfigException e) {
            throw new StartException("the configuration file is not valid HOCON: " + e.getMessage(), e);
        }
    }

    /** The parser would put another character in the place of what is none. What is no file, such as a pipe, is read only once. */
    private static void requireText(Path file) throws StartException {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            CharBuffer text = CharBuffer.allocate(bytes.remaining());
            if (StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true).isError()) {
                long line = 1 + text.flip().chars().filter(each -> each == '\n').count();
                throw new StartException("the configuration file " + file + " is not UTF-8: see line " + line);
            }
        } catch (IOException e) {
            throw new StartException("cannot read the configuration file " + file + ": " + Reason.of(e), e);
        }
    }

    private static String unreadable(Path file) {
        if (Files.isDirectory(file)) {
            return "it is a directory";
        }
        return Files.exists(file) ? "permission denied" : "there is no such file";
    }
}
