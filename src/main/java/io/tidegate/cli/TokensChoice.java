package io.tidegate.cli;

import io.tidegate.access.TokensFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which file of tokens is meant. */
final class TokensChoice {

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The file of tokens (default: tidegate.access.tokens-file of the settings).")
    private @Nullable Path file;

    @Mixin
    private ConfigFile configFile;

    TokensFile open() throws CommandEnd {
        return new TokensFile(path());
    }

    Path path() throws CommandEnd {
        return file != null
                ? file
                : CheckedConfig.tokensFile(configFile.path())
                        .orElseThrow(() -> CommandEnd.failed(
                                "which file? Name it by --file FILE, or set tidegate.access.tokens-file"));
    }
}
