package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.document.Visible;
import io.tidegate.fuzz.Fuzzing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Files of tokens with any bytes in them: what is none is refused in one line, and whoever changes one reads what a server reads. */
class TokensFuzz {

    private static final Token MORE =
            Token.of("one-more", "tg_", new Grant(List.of("*"), List.of(), true), null, MovedClock.START);

    private static Path file = Path.of(".");

    @BeforeAll
    static void createFile() throws IOException {
        file = Files.createTempFile("tidegate-fuzz", ".tokens");
    }

    @AfterAll
    static void deleteFile() throws IOException {
        Files.delete(file);
    }

    private interface Reading {
        Tokens read() throws AccessFileException;
    }

    /** What is known; null if it was refused. */
    private static @Nullable Tokens told(Reading reading) {
        try {
            return reading.read();
        } catch (AccessFileException e) {
            assertThat(e.line()).startsWith(file.toString()).isEqualTo(Visible.of(e.line()));
            return null;
        }
    }

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void aFileIsTheSameToAServerAndToWhoChangesIt(byte[] bytes) throws Exception {
        Files.write(file, bytes);
        Tokens tokens = told(() -> Tokens.parse(file.toString(), Tokens.lines(file.toString(), bytes)));
        var changed = new TokensFile(file);
        if (tokens == null) {
            assertThat(told(() -> {
                        changed.add(MORE, true);
                        return Tokens.NONE;
                    }))
                    .isNull();
            assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
            return;
        }
        for (Token token : tokens.all()) {
            assertThat(TokenLine.parse(TokenLine.of(token))).isEqualTo(token);
            assertThat(tokens.find(token.digest())).contains(token);
            token.grant().to(token.name()).ifPresent(rights -> assertThat(
                            Grant.words(rights.read()).stream().allMatch(Grant::isForAnybody))
                    .isTrue());
            assertThat(token.hasExpired(MovedClock.START)
                            || token.expires() == null
                            || Duration.between(MovedClock.START, token.expires())
                                            .toMillis()
                                    < Long.MAX_VALUE)
                    .isTrue();
        }
        assertThat(changed.all()).isEqualTo(tokens.all());
        List<Token> others = new ArrayList<>(tokens.all());
        others.removeIf(
                token -> token.name().equals(MORE.name()) || token.digest().equals(MORE.digest()));
        if (others.size() == tokens.size()) {
            changed.add(MORE, false);
            assertThat(changed.all()).hasSize(tokens.size() + 1).contains(MORE).containsAll(others);
            changed.revoke(MORE.name());
            assertThat(changed.all()).isEqualTo(others);
        }
    }
}
