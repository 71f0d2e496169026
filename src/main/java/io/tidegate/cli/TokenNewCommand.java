package io.tidegate.cli;

import io.tidegate.access.AccessFileException;
import io.tidegate.access.Grant;
import io.tidegate.access.Token;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidegate token new}. */
@Command(
        name = "new",
        description =
                "Make a token and print it. It is shown only now: the file has what it is known by, not the token.")
final class TokenNewCommand implements Callable<Integer> {

    @ParentCommand
    private TokenCommand token;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Whose it is: 1 to 64 letters, digits, '.', '_' and '-'.")
    private String name = "";

    @Option(
            names = "--read",
            paramLabel = "SEL",
            description =
                    "What may be read: orders, 'orders/eu-*', 'inbox/$${name}/*', '*' for everything. May be repeated.")
    private List<String> read = new ArrayList<>();

    @Option(names = "--write", paramLabel = "SEL", description = "What may be put and deleted, likewise.")
    private List<String> write = new ArrayList<>();

    @Option(names = "--admin", description = "The server may be watched and operated.")
    private boolean admin;

    @Option(
            names = "--expires",
            paramLabel = "WHEN",
            description = "When it ends: 90d, 12h, or a time such as 2027-01-31T00:00:00Z (default: never).")
    private @Nullable String expires;

    @Option(names = "--replace", description = "One of that name is revoked by this.")
    private boolean replaces;

    @Mixin
    private TokensChoice tokens;

    @Override
    public Integer call() throws CommandEnd {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String text = Token.random();
        Token made = made(text, now);
        try {
            tokens.open().add(made, replaces);
        } catch (AccessFileException e) {
            throw CommandEnd.failed(e.line());
        }
        token.streams().output().line(text);
        return ExitCode.OK;
    }

    private Token made(String text, Instant now) {
        Instant end = expires == null ? null : end(expires, now);
        try {
            return Token.of(name, text, new Grant(read, write, admin), end, now);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private Instant end(String when, Instant now) {
        try {
            Instant end = Expiry.parse(when, now);
            if (end.isAfter(now)) {
                return end;
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--expires: " + e.getMessage());
        }
        throw new ParameterException(spec.commandLine(), "--expires: '" + when + "' is over already");
    }
}
