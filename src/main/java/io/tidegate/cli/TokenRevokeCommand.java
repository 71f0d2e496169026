package io.tidegate.cli;

import io.tidegate.access.AccessFileException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate token revoke}. */
@Command(
        name = "revoke",
        description = "Take a token out of the file. A server that runs ends the connections that have it.")
final class TokenRevokeCommand implements Callable<Integer> {

    @ParentCommand
    private TokenCommand token;

    @Parameters(paramLabel = "NAME", description = "Whose it is.")
    private String name = "";

    @Mixin
    private TokensChoice tokens;

    @Override
    public Integer call() throws CommandEnd {
        try {
            tokens.open().revoke(name);
        } catch (AccessFileException e) {
            throw CommandEnd.failed(e.line());
        }
        token.streams().notice("revoked: " + name);
        return ExitCode.OK;
    }
}
