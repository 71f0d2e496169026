package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.FakeServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server printed is not loaded as if it were documents: it has collections and keys of its own. */
@Timeout(120)
class LoadEventsTest {

    private static CommandRun load(FakeServer server, String input, String key) {
        return CommandRun.withInput(input, "load", "-", "--collection", "c", key, "--port", "" + server.port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event\":\"document\",\"collection\":\"orders\",\"key\":\"o-17\",\"value\":{\"qty\":5}}",
                "{\"event\":\"put\",\"seq\":7,\"collection\":\"orders\",\"key\":\"o-17\",\"value\":{\"qty\":5}}",
                "{\"event\":\"delete\",\"seq\":7,\"collection\":\"orders\",\"key\":\"o-17\"}",
                "{\"event\":\"subscribed\",\"epoch\":\"k7f3x2ab\",\"seq\":7}",
                "{\"event\":\"synced\",\"epoch\":\"k7f3x2ab\",\"seq\":7,\"documents\":0}",
                "{\"event\":\"resync\",\"reason\":\"the log does not hold it\"}"
            })
    void howToPutEventsBackIsSaid(String event) throws Exception {
        try (var server = FakeServer.with(FakeServer.Peer::awaitGone)) {
            CommandRun run = load(server, event + "\n", "--key=key");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("tidegate: line 1 of standard input: this is what 'tidegate export', 'sync'")
                    .endsWith("try: tidegate import FILE; nothing before it was loaded");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[%s]", "[\n%1$s,\n%1$s\n]\n"})
    void soItIsForAnArrayOfEvents(String form) throws Exception {
        String item = "{\"event\":\"document\",\"collection\":\"orders\",\"key\":\"o-17\",\"value\":5}";
        try (var server = FakeServer.with(FakeServer.Peer::awaitGone)) {
            CommandRun run = load(server, String.format(form, item), "--key-line");

            assertThat(run.err()).contains("item 1 of standard input", "try: tidegate import FILE");
        }
    }

    @Test
    void aDocumentThatTellsOfAnEventIsADocument() throws Exception {
        String document = "{\"event\":\"put\",\"of\":\"the sun\",\"key\":\"k\"}";
        FakeServer.Dialogue dialogue = peer -> {
            assertThat(peer.hear()).startsWith("put c k @id=").endsWith(" " + document);
            peer.say("{\"event\":\"accepted\",\"seq\":1}");
            peer.expectEnd();
        };
        try (var server = FakeServer.with(dialogue)) {
            CommandRun run = load(server, document + "\n", "--key=key");

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
        }
    }
}
