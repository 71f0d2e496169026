package io.tidegate.cli;

import io.tidegate.access.AccessFileException;
import io.tidegate.access.Token;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate token list}. */
@Command(name = "list", description = "List the tokens: whose they are, what they allow and when they end.")
final class TokenListCommand implements Callable<Integer> {

    private static final String NOTHING = "-";

    @ParentCommand
    private TokenCommand token;

    @Mixin
    private TokensChoice tokens;

    @Override
    public Integer call() throws CommandEnd {
        var table = new Table("NAME", "READ", "WRITE", "ADMIN", "EXPIRES");
        try {
            for (Token each : tokens.open().all()) {
                table.row(
                        each.name(),
                        words(each.grant().read()),
                        words(each.grant().write()),
                        each.grant().admin() ? "yes" : NOTHING,
                        expires(each));
            }
        } catch (AccessFileException e) {
            throw CommandEnd.failed(e.line());
        }
        for (String line : table.lines()) {
            token.streams().output().line(line);
        }
        return ExitCode.OK;
    }

    private static String words(List<String> words) {
        return words.isEmpty() ? NOTHING : String.join(" ", words);
    }

    private static String expires(Token token) {
        return token.expires() == null
                ? "never"
                : token.expires() + (token.hasExpired(Instant.now()) ? " (expired)" : "");
    }
}
