package io.tidegate.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the server's configuration. */
final class ConfigFile {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Settings that differ from the defaults, in HOCON.")
    private @Nullable Path path;

    @Nullable
    Path path() {
        return path;
    }
}
