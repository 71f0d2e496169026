package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.connection.LineEvents;
import io.tidegate.document.Change;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.MemoryFeedLog;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is selected by the parameters of a request. */
@Timeout(60)
class FeedRoutesTest {

    private final Feed feed = new Feed(
            new MemoryFeedLog(),
            FeedLimits.roomy().settings(),
            new LineEvents(),
            Runnable::run,
            Runnable::run,
            Runnable::run,
            CommitObserver.NONE);
    private final FeedRoutes routes = RoomyRoutes.to(feed);

    @BeforeEach
    void publish() {
        for (String key : List.of("%41", "*", "a b", "eu-*", "eu-1", "eu-2", "us-1")) {
            put("orders", key);
        }
        put("none", "k");
        put("trades", "t-1");
    }

    private void put(String collection, String key) {
        var unused = feed.publish(Change.put(collection, key, "1"), () -> {});
    }

    /** The names of the documents that are answered. */
    private List<String> documents(String query) throws Exception {
        String target = "/v1/documents?" + query;
        Reply reply = routes.answer(
                        new Call(HttpRequest.of("GET", target), Target.parse("GET", target), RoomyRoutes.CALLER))
                .toCompletableFuture()
                .join();
        Pieces body = ((Reply.Streamed) reply).body();
        List<String> names = new ArrayList<>();
        while (!body.isAtEnd()) {
            ByteString piece = body.poll();
            if (piece != null) {
                piece.utf8String()
                        .lines()
                        .map(line -> line.replaceAll(".*\"collection\":\"([^\"]*)\",\"key\":\"([^\"]*)\".*", "$1/$2"))
                        .forEach(names::add);
            }
        }
        body.close();
        return names;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select=orders/eu-1 | orders/eu-1",
                "select=orders/eu-* | orders/eu-*, orders/eu-1, orders/eu-2",
                "select=orders/eu-%2A | orders/eu-*, orders/eu-1, orders/eu-2",
                "select=orders/eu-%252A | orders/eu-*",
                "select=orders/%252a | orders/*",
                "select=orders/a%20b | orders/a b",
                "select=orders/a%2520b | orders/a b",
                "select=orders/%252541 | orders/%41",
                "select=orders%2Fus-1&select=trades | orders/us-1, trades/t-1",
                "select=orders/us-1&collection=trades&collection=none | none/k, orders/us-1, trades/t-1",
                "select=trades&select=trades/t-* | trades/t-1",
                "select=%256Eone | none/k",
                "select=orders/no-such | ''",
                "select=none | ''"
            })
    void documentsAreThoseThatAreSelected(String query, String names) throws Exception {
        assertThat(String.join(", ", documents(query))).isEqualTo(names);
    }

    @Test
    void aSelectorIsEncodedAsAWholeByWhatEncodesParameters() throws Exception {
        for (String word : List.of("orders/a%20b", "orders/eu-%2A", "orders/%2541", "orders/us-1", "%6Eone")) {
            assertThat(documents("select=" + URLEncoder.encode(word, StandardCharsets.UTF_8)))
                    .as(word)
                    .hasSize(1);
        }
    }
}
