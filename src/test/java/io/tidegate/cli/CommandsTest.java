package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

/** The command line as such: help, mistakes, exit codes. */
class CommandsTest {

    private static final int SCREEN_LINES = 24;
    private static final int SCREEN_COLUMNS = 100;

    @Test
    void aLoadSaysWhichFilesItTakesForAnArray() {
        assertThat(CommandRun.of("load", "--help").out()).contains("begins with [");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "serve",
                "check-config",
                "config",
                "reload",
                "stop",
                "conns",
                "end",
                "nodes",
                "token",
                "put",
                "delete",
                "load",
                "sync",
                "follow",
                "export",
                "import",
                "collections",
                "backup",
                "restore",
                "verify",
                "compact",
                "move",
                "completion",
                "help"
            })
    void helpFitsOneScreen(String command) {
        CommandRun run = command.isEmpty() ? CommandRun.of("--help") : CommandRun.of(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("Usage: tidegate");
        assertThat(run.out().lines()).hasSizeLessThanOrEqualTo(SCREEN_LINES);
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(SCREEN_COLUMNS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frobnicate",
                "serve --frobnicate",
                "put orders",
                "delete orders",
                "delete orders o-17 --collection orders",
                "delete",
                "export",
                "import",
                "import file --skip -1",
                "restore",
                "backup",
                "delete orders o-17 more",
                "load file --collection orders",
                "load file --collection orders --key id --window 0",
                "load file --collection orders --key id --skip -1",
                "load file --collection orders --key a..b",
                "sync --port 0",
                "sync --port 70000",
                "sync after",
                "follow --after yesterday",
                "conns --ended many",
                "end",
                "end 1 --remote 127.0.0.1",
                "end 1 --how gently",
                "stop --pid me"
            })
    void aMistakeIsOneLineAndExitCode2(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(2);
        assertThat(run.err()).startsWith("tidegate: ").contains("Try 'tidegate");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " = ",
            quoteCharacter = '~',
            value = {
                "frobnicate = there is no command 'frobnicate'",
                "sync --prt 1 = there is no option '--prt'",
                "serve -Dtidegate.tcp.port=1 = there is no option '-Dtidegate.tcp.port=1':"
                        + " a setting stands before -jar: java -Dtidegate.tcp.port=1 -jar ...",
                "delete orders o-17 more = 'more' is one argument too many",
                "sync after = 'after': a collection cannot be named 'after': choose another name",
                "sync a\u2003b = 'a\u2003b': a collection has no white space",
                "sync orders/ = 'orders/': a key is missing behind the /: a collection as a whole is written orders",
                "follow none orders = none stands alone: it selects nothing",
                "stop --pid me = Invalid value for option '--pid': 'me': it takes a whole number",
                "end 1 --how gently = Invalid value for option '--how': 'gently': it is one of shutdown, close, abort",
                "conns --ended=-1 = --ended is 1 or more, not -1",
                "end = Missing required argument (specify one of these): (ID | --listener=NAME | --remote=ADDRESS |"
                        + " --identity=NAME)",
            })
    void aMistakeIsToldInTheUsersWords(String line, String message) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.err().lines()).first().isEqualTo("tidegate: " + message);
    }

    @Test
    void withoutACommandTheUserIsToldWhereHelpIs() {
        CommandRun run = CommandRun.of();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualToNormalizingNewlines(
                        """
                tidegate: a command is missing
                Try 'tidegate --help'.
                """);
    }

    @Test
    void anArgumentThatTheLocaleMangledIsRefused() {
        CommandRun run = CommandRun.of("put", "cities", "K\uFFFDln", "1");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("LC_ALL=C.UTF-8");
    }

    @Test
    void helpIsACommandToo() {
        assertThat(CommandRun.of("help")).isEqualTo(CommandRun.of("--help"));
        assertThat(CommandRun.of("help", "load")).isEqualTo(CommandRun.of("load", "--help"));
        assertThat(CommandRun.of("--help").out()).contains("TCP, WebSocket and HTTP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "load --help", "help", "completion"})
    void whatCannotBeWrittenIsAFailure(String line) {
        var out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        var err = new ByteArrayOutputStream();
        Streams plain = CommandRun.streams("", new ByteArrayOutputStream(), err);

        int exitCode = Commands.run(new Streams(plain.in(), out, plain.err(), false), line.split(" "));

        assertThat(exitCode).isEqualTo(1);
        assertThat(CommandRun.text(err))
                .isEqualToNormalizingNewlines("tidegate: cannot write to standard output: No space left on device\n");
    }

    @Test
    void aServerIsLookedForWhereOneHasItsStoreThatWasToldNothingElse() {
        assertThat(ServerChoice.USUAL_STORE)
                .isEqualTo(ConfigFactory.defaultReference().getString("tidegate.store.directory"));
    }

    @Test
    void theHelpListsEveryCommand() {
        String help = CommandRun.of("--help").out();

        for (Class<?> each : CommandList.ALL) {
            Command command = each.getAnnotation(Command.class);
            assertThat(help.contains(" " + command.name() + "  "))
                    .as(command.name())
                    .isNotEqualTo(command.hidden());
        }
    }

    @Test
    void theVersionIsOneLine() {
        CommandRun run = CommandRun.of("--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).singleElement().asString().startsWith("tidegate ");
    }

    @Test
    void theCompletionScriptKnowsTheCommands() {
        CommandRun run = CommandRun.of("completion");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("#!/usr/bin/env bash").contains("check-config", "--collection");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "follow", "put orders o-17 1", "delete orders o-17"})
    void aServerThatDoesNotRunIsOneLineAndExitCode1(String line) throws Exception {
        int port = freePort();

        CommandRun run = CommandRun.of((line + " --port " + port).split(" "));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToNormalizingNewlines("tidegate: cannot connect to 127.0.0.1:" + port
                        + ": connection refused (is the server running?)\n");
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void theDefaultSettingsAreValid() {
        CommandRun run = CommandRun.of("check-config");

        assertThat(run).isEqualTo(new CommandRun(0, "ok\n", ""));
    }

    @Test
    void theSettingsThatAreShownCanBeReadBack() {
        CommandRun run = CommandRun.of("check-config", "--show");

        assertThat(run.exitCode()).isZero();
        assertThat(CommandRun.of("config")).isEqualTo(run);
        Config settings = ConfigFactory.parseString(run.out());
        assertThat(settings.getDuration("tidegate.connection.stall-timeout")).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aBadConfigurationIsOneLineAndExitCode1() {
        CommandRun run = CommandRun.of("check-config", "-c", "no/such/file.conf");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("tidegate: ")
                .contains("no/such/file.conf");
    }
}
