package io.tidegate.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.kafka.KafkaBroker;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Servers whose order is that of a topic of Kafka. */
class ClusterTest extends ClusterFixture {

    private static final String SEND_IT_AGAIN = "to learn it, send the very same change again with the same id";

    private static final String BY_HTTP = String.join(
            "\r\n",
            "PUT /v1/documents/c/by-http HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Idempotency-Key: \"b-1\"",
            "Content-Length: 1",
            "",
            "2");

    private static final String MANY_LINES =
            """
            {"collection":"c","key":"m-1","value":1,"id":"d-1"}
            {"collection":"c","key":"m-2","value":2,"id":"d-2"}
            """;

    private static final String MANY = String.join(
            "\r\n",
            "POST /v1/updates HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/x-ndjson",
            "Content-Length: " + MANY_LINES.length(),
            "",
            MANY_LINES);

    private final String topic = KafkaBroker.newTopic();

    @Override
    List<String> order() {
        return List.of(
                "tidegate.feed.order = kafka",
                "tidegate.kafka.bootstrap-servers = [\"" + KafkaBroker.shared().address() + "\"]",
                "tidegate.kafka.replication-factor = 1",
                "tidegate.kafka.topic = " + topic);
    }

    @Test
    void aStoreOfManyIsNotCarriedOnAlone() throws Exception {
        Tidegate one = start("one");
        put(one, "k", "1");
        one.close();
        nodes.remove(one);

        assertThatThrownBy(() -> TestServer.start(directory.resolve("one")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("other nodes have as well")
                .hasMessageContaining("tidegate.feed.order");
    }

    @Test
    void aStoreOfOneIsNotCarriedOnAsOneOfMany() throws Exception {
        try (Tidegate alone = TestServer.start(directory.resolve("alone"))) {
            put(alone, "k", "1");
        }

        assertThatThrownBy(() -> start("alone"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("no other node has its updates");
    }

    @Test
    void aFeedIsSharedByBrokersOnly() {
        assertThatThrownBy(() -> TestServer.start(directory, "tidegate.feed.order = kafka"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("tidegate.kafka.bootstrap-servers");
    }

    @Test
    void aDocumentThatNoEntryHasRoomForStopsTheStart() {
        assertThatThrownBy(() -> start("one", "tidegate.feed.max-document-bytes = 8 MiB"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("tidegate.feed.max-document-bytes");
    }

    @Test
    void aBrokerThatDoesNotAnswerIsWaitedForNoLongerThanSaid() {
        assertThatThrownBy(() -> TestServer.start(
                        directory,
                        "tidegate.feed.order = kafka",
                        "tidegate.kafka.bootstrap-servers = [\"127.0.0.1:1\"]",
                        "tidegate.kafka.request-timeout = 1 s",
                        "tidegate.kafka.delivery-timeout = 1 s",
                        "tidegate.shared.open-timeout = 0 s"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("does not answer");
    }

    @Test
    void whoDoesNotLearnWhetherAChangeWasTakenIsToldToSendItAgainAndItTakesEffectOnce() throws Exception {
        Tidegate one = start("one", "tidegate.shared.publish-timeout = 1 s");
        Tidegate two = start("two");
        put(one, "first", "0");
        Change other = Change.put("c", "of-a-program", "3");
        var id = new PublicationId("c-1");
        try (var lines = TestServer.client(one);
                var http = new HttpSocket(one);
                var many = new HttpSocket(one)) {
            KafkaBroker.shared().freeze();
            try {
                lines.send("put c by-line @id=a-1 1");
                http.sendRaw(BY_HTTP);
                many.sendRaw(MANY);
                var published = one.publish(other, Precondition.none(), id).toCompletableFuture();

                assertThat(lines.line())
                        .contains("\"code\":\"outcome-unknown\"")
                        .contains(SEND_IT_AGAIN);
                for (HttpSocket each : List.of(http, many)) {
                    HttpSocket.Response response = each.response();
                    assertThat(response.status()).isEqualTo(504);
                    assertThat(response.body())
                            .contains("\"code\":\"outcome-unknown\"")
                            .contains(SEND_IT_AGAIN);
                }
                assertThatThrownBy(published::join)
                        .hasCauseInstanceOf(PublishException.class)
                        .hasMessageContaining(SEND_IT_AGAIN);
            } finally {
                KafkaBroker.shared().thaw();
            }
        }
        Await.until(() -> one.lag() == null && two.lag() == null);
        try (var lines = TestServer.client(two);
                var http = new HttpSocket(two)) {
            lines.send("put c by-line @id=a-1 1");
            assertThat(lines.line()).contains("accepted");
            http.sendRaw(BY_HTTP);
            assertThat(http.response().status()).isIn(201, 204);
            http.sendRaw(MANY);
            assertThat(http.response().body()).startsWith("{\"accepted\":2,");
            two.publish(other, Precondition.none(), id).toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
        assertThat(two.position().seq()).isEqualTo(6);
    }

    @Test
    void whatAnotherProgramWritesIsPassedOverAndCounted() throws Exception {
        Tidegate one = start("one");
        Tidegate two = start("two");
        KafkaBroker.shared().write(topic, "hello".getBytes(UTF_8));
        KafkaBroker.shared().write(topic, (byte[]) null);

        Position position = put(one, "k", "1");

        Await.until(() -> two.position().equals(position));
        for (Tidegate node : List.of(one, two)) {
            assertThat(MetricsText.shown(node, "tidegate_order_strays_total")).isEqualTo("2.0");
            Await.until(() -> node.lag() == null);
        }
    }
}
