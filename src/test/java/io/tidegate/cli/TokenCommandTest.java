package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tidegate token}: the file that it writes is what a server reads. */
class TokenCommandTest {

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void aPlaceForTheFile() {
        file = directory.resolve("tokens");
    }

    private CommandRun token(String... args) {
        List<String> line = new ArrayList<>(List.of("token"));
        line.addAll(List.of(args));
        line.addAll(List.of("--file", file.toString()));
        return CommandRun.of(line.toArray(String[]::new));
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "token new", "token list", "token revoke"})
    void helpFitsOneScreen(String command) {
        CommandRun run = CommandRun.of((command + " --help").split(" "));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Usage: tidegate " + command);
        assertThat(run.out().lines()).hasSizeLessThanOrEqualTo(24);
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void aNewTokenIsPrintedOnceAndTheFileDoesNotHaveIt() throws Exception {
        CommandRun run =
                token("new", "desk", "--read", "orders", "--read", "inbox/${name}/*", "--write", "*", "--admin");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).matches("tg_[A-Za-z0-9_-]{43}\n");
        assertThat(lines())
                .singleElement()
                .asString()
                .contains(
                        "\"name\":\"desk\"",
                        "\"read\":[\"orders\",\"inbox/${name}/*\"]",
                        "\"write\":[\"*\"]",
                        "\"admin\":true")
                .doesNotContain("tg_", "expires");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory).isDirectoryContaining(file::equals).isDirectoryNotContaining(each -> !each.equals(file));
    }

    @Test
    void allTokensAreListedWithoutWhatTheyAreKnownBy() throws Exception {
        token("new", "ops", "--admin", "--expires", "2999-01-31T00:00:00Z");
        token("new", "desk", "--read", "orders", "--read", "prices/eu-*", "--write", "orders");

        CommandRun run = token("list");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        """
                NAME  READ                WRITE   ADMIN  EXPIRES
                desk  orders prices/eu-*  orders  -      never
                ops   -                   -       yes    2999-01-31T00:00:00Z
                """);
    }

    @Test
    void aNameIsTakenOnlyOnceUnlessItIsReplaced() throws Exception {
        String first = token("new", "desk").out();
        List<String> before = lines();

        CommandRun again = token("new", "desk");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.out()).isEmpty();
        assertThat(again.err())
                .isEqualToNormalizingNewlines(
                        "tidegate: " + file + " has a token named desk already: --replace replaces it\n");
        assertThat(lines()).isEqualTo(before);

        CommandRun replaced = token("new", "desk", "--replace");
        assertThat(replaced.exitCode()).isZero();
        assertThat(replaced.out()).isNotEqualTo(first);
        assertThat(lines()).hasSize(1).isNotEqualTo(before);
    }

    @Test
    void whatIsNotMeantStaysAsItIs() throws Exception {
        token("new", "desk");
        String desk = lines().get(0);
        Files.writeString(file, "# of the desk\n\n" + desk + "\n");

        token("new", "ops");
        CommandRun revoked = token("revoke", "ops");

        assertThat(revoked.exitCode()).isZero();
        assertThat(revoked.err()).isEqualToNormalizingNewlines("tidegate: revoked: ops\n");
        assertThat(lines()).containsExactly("# of the desk", "", desk);
        assertThat(token("revoke", "ops").err())
                .isEqualToNormalizingNewlines("tidegate: " + file + " has no token named ops\n");
    }

    @Test
    void aFileThatSomebodyElseChangesIsLeftAlone() throws Exception {
        token("new", "desk");
        Path next = Files.writeString(directory.resolve("tokens.new"), "");
        List<String> before = lines();

        CommandRun run = token("new", "ops");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(next + " is there: somebody is changing " + file);
        assertThat(lines()).isEqualTo(before);
        assertThat(next).exists();
    }

    @Test
    void aFileThatIsWrongIsNotChanged() throws Exception {
        Files.writeString(file, "hunter2\n");

        CommandRun run = token("new", "desk");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("tidegate: " + file.toRealPath() + ":1: allowed is")
                .doesNotContain("hunter2");
        assertThat(lines()).containsExactly("hunter2");
        assertThat(token("list").err()).contains(file + ":1: allowed is").doesNotContain("hunter2");
    }

    @Test
    void aLinkStaysALinkAndTheGroupGoesOnReading() throws Exception {
        Path target = directory.resolve("there");
        Files.writeString(target, "");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-rw-r--"));
        Files.createSymbolicLink(file, target);

        token("new", "desk");

        assertThat(file).isSymbolicLink();
        assertThat(Files.readString(target)).contains("desk");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void theFileIsThatOfTheConfigurationIfNoneIsNamed() throws Exception {
        Path config = Files.writeString(
                directory.resolve("tidegate.conf"), "tidegate.access.tokens-file = \"" + file + "\"\n");

        CommandRun made = CommandRun.of("token", "new", "desk", "--config", config.toString());

        assertThat(made.exitCode()).isZero();
        assertThat(CommandRun.of("token", "list", "-c", config.toString()).out())
                .contains("desk");
        assertThat(CommandRun.of("token", "list"))
                .isEqualTo(new CommandRun(
                        1, "", "tidegate: which file? Name it by --file FILE, or set tidegate.access.tokens-file\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new | Missing required parameter: 'NAME'",
                "new a/b | 'a/b': a name has 1 to 64 letters, digits, '.', '_' and '-'",
                "new a --read orders/ | 'orders/': a key is missing behind the /: a collection as a whole is written orders",
                "new a --read ${nane} | '${nane}': only ${name} can be put in; a $ before a { itself is written %24",
                "new a --expires soon | --expires: 'soon': it takes 90d, 12h, or a time such as 2027-01-31T00:00:00Z",
                "new a --expires 0d | --expires: '0d' is over already",
                "new a --expires +10000-01-01T00:00:00Z | expires: allowed is a time up to 9999-12-31T23:59:59Z, or none",
                "new a --expires 2020-01-01T00:00:00Z | --expires: '2020-01-01T00:00:00Z' is over already",
                "frobnicate | there is no command 'frobnicate'",
                "list more | 'more' is one argument too many",
            })
    void aMistakeIsToldInTheUsersWords(String line, String message) {
        List<String> args = new ArrayList<>(List.of("token"));
        args.addAll(List.of(line.split(" ")));
        CommandRun run = CommandRun.of(args.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).first().isEqualTo("tidegate: " + message);
    }

    @Test
    void aTokenEndsSoManyDaysOrHoursFromNow() throws Exception {
        token("new", "a", "--expires", "90d");
        token("new", "b", "--expires", "12h");

        assertThat(token("list").out().lines())
                .filteredOn(line -> line.matches("[ab] .* \\d{4}-\\d\\d-\\d\\dT[0-9:]+Z"))
                .hasSize(2);
    }
}
