package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dialogues of {@code docs/protocol.md}, run as they stand there. */
@Timeout(120)
class ProtocolDocumentTest {

    private static final Path DOCUMENT = Path.of("docs", "protocol.md");
    private static final String EPOCH = "k7f3x2ab";

    @TempDir
    Path directory;

    @Test
    void everyDialogueGoesAsDocumented() throws Exception {
        List<List<String>> dialogues = dialogues();
        assertThat(dialogues).hasSizeGreaterThan(7);
        try (var server = TestServer.start(directory)) {
            for (List<String> dialogue : dialogues) {
                run(dialogue, server);
            }
        }
    }

    /** The fenced blocks that begin with a request. */
    private static List<List<String>> dialogues() throws Exception {
        List<List<String>> dialogues = new ArrayList<>();
        String[] parts = Files.readString(DOCUMENT).split("(?m)^```.*\n", -1);
        Stream.of(parts)
                .filter(part -> part.startsWith("→ "))
                .forEach(part -> dialogues.add(part.lines().toList()));
        return dialogues;
    }

    private static void run(List<String> dialogue, Tidegate server) throws Exception {
        String epoch = server.position().epoch();
        try (var client = TestServer.client(server)) {
            for (String line : dialogue) {
                String text = line.substring(2).replace(EPOCH, epoch);
                switch (line.charAt(0)) {
                    case '→' -> client.send(text);
                    case '⇒' -> sendAsAnother(text, server);
                    default ->
                        assertThat(client.read())
                                .as("in the dialogue %s", dialogue)
                                .isEqualTo(text.equals("(end of stream)") ? null : text);
                }
            }
        }
    }

    private static void sendAsAnother(String request, Tidegate server) throws Exception {
        try (var other = TestServer.client(server)) {
            assertThat(other.send(request).line()).contains("accepted");
        }
    }

    @Test
    void everyErrorCodeIsExplained() throws Exception {
        String document = Files.readString(DOCUMENT);

        for (var code : io.tidegate.wire.ErrorCode.values()) {
            assertThat(document).contains("| `" + code.code() + "` |");
        }
    }

    @Test
    void everyOutcomeAndEveryReasonIsExplained() throws Exception {
        String document = Files.readString(DOCUMENT);

        for (var outcome : Ending.Outcome.values()) {
            assertThat(document).contains("| `" + outcome.code() + "` |");
        }
        for (var reason : CloseReason.values()) {
            assertThat(document).contains("| `" + reason.code() + "` | `");
        }
    }
}
