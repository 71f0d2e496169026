package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloadable.Trigger;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who somebody is by a token of the file. */
class TokenIdentitiesTest {

    private static final Instant NOW = MovedClock.START;
    private static final Instant END = NOW.plusSeconds(3600);

    @TempDir
    Path directory;

    private final MovedClock clock = new MovedClock();
    private final Failures failures = new Failures();
    private final String desk = Token.random();
    private Path file;
    private TokensFile tokens;

    @BeforeEach
    void aFileWithAToken() throws AccessFileException {
        file = directory.resolve("tokens");
        tokens = new TokensFile(file);
        add("desk", desk, END, "orders", "inbox/${name}/*");
    }

    private void add(String name, String text, Instant end, String... read) throws AccessFileException {
        tokens.add(Token.of(name, text, new Grant(List.of(read), List.of(), false), end, NOW), true);
    }

    private Identities identities() throws AccessFileException {
        return Configured.identities("tokens-file = \"" + file + "\"", clock, failures);
    }

    private static Selection selection(String... words) {
        return Selection.of(Stream.of(words).map(Selector::parse).toList());
    }

    @Test
    void theRightTokenIsItsIdentity() throws Exception {
        Identities identities = identities();

        Identity identity = Configured.now(identities, desk).orElseThrow();

        assertThat(identity.name()).isEqualTo("desk");
        assertThat(identity.rights()).isEqualTo(new Rights(selection("orders", "inbox/desk/*"), Selection.NONE, false));
        assertThat(identity.expiresAt()).isEqualTo(END);
        assertThat(identity.isUnproven()).isFalse();
        assertThat(identity.toString()).doesNotContain(desk);
        assertThat(identities.isOpen()).isFalse();
        assertThat(identities.anonymous()).isEqualTo(Identity.unproven(Rights.NONE));
        assertThat(failures.counts().values()).containsOnly(0L);
    }

    @Test
    void aNeighbourOfTheRightTokenIsNobodys() throws Exception {
        Identities identities = identities();

        for (int i = 0; i < desk.length(); i++) {
            char other = desk.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(Configured.now(identities, desk.substring(0, i) + other + desk.substring(i + 1)))
                    .isEmpty();
        }
        String swapped = desk.chars()
                .map(c -> Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        for (String wrong : List.of(
                "",
                "tg_",
                swapped,
                desk.substring(0, 45),
                desk.substring(1),
                desk + "A",
                " " + desk,
                desk + "\n",
                desk + "=",
                desk.replace("tg_", "tg-"),
                desk.substring(0, 45) + "é",
                Token.digest(desk),
                "sha256:" + Token.digest(desk),
                "x".repeat(8 << 10),
                "x".repeat(1 << 20))) {
            assertThat(Configured.now(identities, wrong)).as(wrong).isEmpty();
        }
        assertThat(failures.counts().get(FailureReason.MALFORMED)).isGreaterThan(10);
        assertThat(failures.counts().get(FailureReason.UNKNOWN)).isGreaterThan(40);
    }

    @Test
    void aTokenIsGoodUntilItExpires() throws Exception {
        Identities identities = identities();
        Identity identity = Configured.now(identities, desk).orElseThrow();

        clock.passes(Duration.between(NOW, END).minusNanos(1));
        assertThat(Configured.now(identities, desk)).contains(identity);
        assertThat(identities.now(identity)).contains(identity);

        clock.passes(Duration.ofNanos(1));
        assertThat(Configured.now(identities, desk)).isEmpty();
        assertThat(identities.now(identity)).isEmpty();
        assertThat(failures.counts()).containsEntry(FailureReason.EXPIRED, 1L);
    }

    @Test
    void whoseTokenHasExpiredHasNotBeenRevokedWhateverElseHasChanged() throws Exception {
        Identities identities = identities();
        var access = new Access(identities, Attempts.UNCOUNTED, clock);
        Pass pass = access.passOf(Configured.now(identities, desk).orElseThrow(), InetAddress.getLoopbackAddress());
        assertThat(pass.check(List::of, Duration.ofSeconds(1))).isEqualTo(Pass.Standing.GOOD);
        add("other", Token.random(), END, "orders");
        assertThat(identities.reload(Trigger.HAND).result()).isEqualTo(Reload.Result.RELOADED);

        clock.passes(Duration.between(NOW, END));

        assertThat(pass.check(List::of, Duration.ofSeconds(1))).isEqualTo(Pass.Standing.EXPIRED);
    }

    @Test
    void aTokenThatWasRevokedIsNobodysFromTheReloadOn() throws Exception {
        String other = Token.random();
        add("other", other, END, "prices");
        Identities identities = identities();
        Identity identity = Configured.now(identities, desk).orElseThrow();
        Identity unconcerned = Configured.now(identities, other).orElseThrow();
        long version = identities.version();

        tokens.revoke("desk");
        assertThat(identities.now(identity)).contains(identity);
        assertThat(identities.reload(Trigger.HAND)).isEqualTo(Reload.reloaded("tokens: 1, issuers: 0"));

        assertThat(identities.now(identity)).isEmpty();
        assertThat(Configured.now(identities, desk)).isEmpty();
        assertThat(identities.now(unconcerned)).contains(unconcerned);
        assertThat(identities.version()).isGreaterThan(version);
    }

    @Test
    void rightsThatWereNarrowedOrWidenedCountFromTheReloadOn() throws Exception {
        Identities identities = identities();
        Identity identity = Configured.now(identities, desk).orElseThrow();

        add("desk", desk, END, "orders/eu-*");
        identities.reload(Trigger.HAND);
        Identity narrowed = identities.now(identity).orElseThrow();
        assertThat(narrowed.rights().read()).isEqualTo(selection("orders/eu-*"));
        assertThat(identity.rights().cover(narrowed.rights())).isTrue();

        add("desk", desk, END.plusSeconds(9), "orders", "prices", "inbox/desk/*");
        identities.reload(Trigger.HAND);
        Identity widened = identities.now(narrowed).orElseThrow();
        assertThat(widened.rights().cover(identity.rights())).isTrue();
        assertThat(widened.expiresAt()).isEqualTo(END.plusSeconds(9));
    }

    @Test
    void whoseTokenWasReplacedHasToShowTheNewOne() throws Exception {
        Identities identities = identities();
        Identity identity = Configured.now(identities, desk).orElseThrow();
        String next = Token.random();

        add("desk", next, END, "orders");
        identities.reload(Trigger.HAND);

        assertThat(identities.now(identity)).isEmpty();
        assertThat(Configured.now(identities, next)).isPresent();
    }

    @Test
    void aReloadWithoutAChangeChangesNothing() throws Exception {
        Identities identities = identities();
        long version = identities.version();

        Files.writeString(file, Files.readString(file));

        assertThat(identities.reload(Trigger.HAND)).isEqualTo(Reload.unchanged());
        assertThat(identities.version()).isEqualTo(version);
    }

    @Test
    void aFileThatIsWrongIsToldOnceAndWhatWasThereStays() throws Exception {
        Identities identities = identities();
        String good = Files.readString(file);

        Files.writeString(file, good + desk + "\n");
        Reload first = identities.reload(Trigger.HAND);

        assertThat(first)
                .satisfies(refused -> assertThat(refused.result()).isEqualTo(Reload.Result.REFUSED))
                .satisfies(refused -> assertThat(refused.line())
                        .startsWith(file + ":2: allowed is a JSON object")
                        .doesNotContain(desk));
        assertThat(identities.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
        assertThat(identities.reload(Trigger.HAND)).as("who asks").isEqualTo(first);
        Files.writeString(file, good);
        assertThat(identities.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
        Files.writeString(file, good + desk + "\n");
        assertThat(identities.reload(Trigger.INTERVAL)).as("another time").isEqualTo(first);
        Files.delete(file);
        assertThat(identities.reload(Trigger.HAND))
                .isEqualTo(Reload.refused("cannot read " + file + ": there is no such file"));
        assertThat(identities.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
        assertThat(Configured.now(identities, desk)).isPresent();

        Files.writeString(file, "# nobody\n\n");
        assertThat(identities.reload(Trigger.HAND)).extracting(Reload::result).isEqualTo(Reload.Result.RELOADED);
        assertThat(Configured.now(identities, desk)).isEmpty();
    }

    @Test
    void anIdentityOfAnotherKindOfProofIsNobodys() throws Exception {
        Identities identities = identities();

        assertThat(identities.now(new Identity("x", Rights.ALL, null, new Identity.Proof() {})))
                .isEmpty();
        assertThat(identities.now(Identity.ANYBODY)).contains(Identity.unproven(Rights.NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "tg_x",
                "{} {}",
                "{\"name\":\"a\"}",
                "{\"name\":\"a b\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\"}",
                "{\"name\":\"a\",\"sha256\":\"XDIGEST\",\"created\":\"2026-11-29T12:00:00Z\"}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\"}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"today\"}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\",\"expires\":7}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\",\"expires\":null}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\",\"expires\":\"+10000-01-01T00:00:00Z\"}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\",\"deny\":[]}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\",\"read\":\"*\"}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\",\"read\":[1]}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\",\"read\":[\"a b\"]}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\",\"read\":[],\"read\":[\"*\"]}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\",\"admin\":\"true\"}",
                "{\"name\":\"a\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\",\"admin\":{}}",
                "{\"name\":\"desk\",\"sha256\":\"DIGEST\",\"created\":\"2026-11-29T12:00:00Z\"}",
                "{\"name\":\"a\",\"sha256\":\"DESK\",\"created\":\"2026-11-29T12:00:00Z\"}"
            })
    void aWrongLineIsRefusedByItsNumberWithWhatIsAllowedAndNothingSecret(String line) throws Exception {
        String digest = "0123456789abcdef".repeat(4);
        Files.writeString(
                file,
                Files.readString(file) + "# comment\n\n"
                        + line.replace("DIGEST", digest).replace("DESK", Token.digest(desk)));

        assertThatThrownBy(this::identities)
                .isInstanceOf(AccessFileException.class)
                .hasMessageStartingWith(file + ":4: ")
                .hasMessageContaining("allowed")
                .hasMessageNotContainingAny(
                        digest.substring(0, 8), Token.digest(desk).substring(0, 8), "tg_x");
    }

    /** Otherwise the command would refuse to change what the server has taken. */
    @Test
    void aFileThatIsNotUtf8IsRefusedByTheServerAndByWhoChangesIt() throws Exception {
        Files.write(file, new byte[] {'#', (byte) 0xe9, '\n'}, StandardOpenOption.APPEND);
        String line = file + ": it is not valid UTF-8: allowed are lines of JSON objects";

        assertThatThrownBy(this::identities)
                .isInstanceOf(AccessFileException.class)
                .hasMessage(line);
        assertThatThrownBy(tokens::all).isInstanceOf(AccessFileException.class).hasMessage(line);
        assertThatThrownBy(() -> tokens.revoke("desk"))
                .isInstanceOf(AccessFileException.class)
                .hasMessage(line);
    }

    @Test
    void aFileThatIsTooLongIsReadNoFurtherAndToldOnce() throws Exception {
        Identities identities = identities();
        try (var longer = new RandomAccessFile(file.toFile(), "rw")) {
            longer.setLength(WatchedFile.MOST_BYTES + 1L);
        }

        assertThat(identities.reload(Trigger.HAND))
                .isEqualTo(Reload.refused("cannot read " + file + ": it has more than 16,777,216 bytes"));
        assertThat(identities.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
        assertThat(Configured.now(identities, desk)).isPresent();
    }

    @Test
    void aTokenFileThatIsMissingStopsTheStart() throws Exception {
        Files.delete(file);

        assertThatThrownBy(this::identities)
                .isInstanceOf(AccessFileException.class)
                .hasMessage("cannot read " + file + ": there is no such file");
    }
}
