package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.FakeServer;
import io.tidegate.client.FakeServer.Dialogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Printing a snapshot. */
@Timeout(120)
class SyncCommandTest {

    private static final String DOCUMENT = "{\"event\":\"document\",\"collection\":\"c\",\"key\":\"k\",\"value\":1}";
    private static final String SYNCED = "{\"event\":\"synced\",\"epoch\":\"k7\",\"seq\":10,\"documents\":1}";

    private static CommandRun sync(Dialogue dialogue) throws Exception {
        try (var server = FakeServer.with(dialogue)) {
            return CommandRun.of("sync", "orders", "quakes", "--port", "" + server.port());
        }
    }

    @Test
    void itEndsAfterSynced() throws Exception {
        CommandRun run = sync(peer -> {
            peer.expect("sync orders quakes");
            peer.say(DOCUMENT, SYNCED);
            peer.expectEnd();
        });

        assertThat(run).isEqualTo(new CommandRun(0, DOCUMENT + "\n" + SYNCED + "\n", ""));
    }

    @Test
    void aSnapshotThatIsCutIsAFailure() throws Exception {
        CommandRun run = sync(peer -> {
            peer.hear();
            peer.say(DOCUMENT);
        });

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToNormalizingNewlines("tidegate: connection lost after 1 document: the server closed it\n");
    }

    @Test
    void aSnapshotThatToldItsLengthIsCutAfterSoManyOfThem() throws Exception {
        CommandRun run = sync(peer -> {
            peer.hear();
            peer.say("{\"event\":\"snapshot\",\"documents\":3}", DOCUMENT);
        });

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToNormalizingNewlines(
                        "tidegate: connection lost after 1 of 3 documents: the server closed it\n");
    }

    @ParameterizedTest
    @CsvSource({
        "orders, orders",
        "orders/o-17, orders/o-17",
        "orders/eu-*, orders/eu-*",
        "orders/*, orders",
        "cities/New York, cities/New%20York",
        "cities/New%20York, cities/New%20York",
        "cities/100%, cities/100%25",
        "cities/a%2A, cities/a%2A",
        "none, none"
    })
    void aSelectorIsOneWordOfTheRequest(String argument, String word) throws Exception {
        try (var server = FakeServer.with(peer -> {
            peer.expect("sync " + word);
            peer.say(SYNCED);
        })) {
            CommandRun run = CommandRun.of("sync", argument, "--port", "" + server.port());

            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void aRefusalIsAFailure() throws Exception {
        CommandRun run = sync(peer -> {
            peer.hear();
            peer.say("{\"event\":\"error\",\"code\":\"store-failed\",\"message\":\"try again later\"}");
        });

        assertThat(run).isEqualTo(new CommandRun(1, "", "tidegate: refused: try again later\n"));
    }

    @Test
    void anAnswerThatIsNoEventIsAFailure() throws Exception {
        CommandRun run = sync(peer -> peer.say("HTTP/1.1 400 Bad Request"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToNormalizingNewlines("tidegate: the answer is not an event of Tidegate: is the port right?\n");
    }
}
