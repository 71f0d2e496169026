package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import akka.util.ByteString;
import io.tidegate.connection.LineEvents;
import io.tidegate.document.Change;
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
import org.junit.jupiter.params.provider.ValueSource;

/** What is selected by the parameters of a request. */
@Timeout(60)
class FeedRoutesTest {

    private final Feed feed = FeedLimits.roomy().feed(new MemoryFeedLog(), new LineEvents());
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
                "select=none | ''",
                "limit=2 | none/k, orders/%41",
                "limit=2&beyond=none/k | orders/%41, orders/*",
                "limit=1&beyond=orders/a | orders/a b",
                "limit=9&beyond=orders/eu-%252A&select=orders/eu-* | orders/eu-1, orders/eu-2",
                "limit=1&beyond=orders/eu-1&select=orders/eu-*&collection=trades | orders/eu-2",
                "beyond=a/z&select=trades | trades/t-1",
                "beyond=orders/us-1 | trades/t-1",
                "beyond=trades/t-1 | ''"
            })
    void documentsAreThoseThatAreSelected(String query, String names) throws Exception {
        assertThat(String.join(", ", documents(query))).isEqualTo(names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=-1",
                "limit=1000000000",
                "limit=",
                "limit=1&limit=2",
                "beyond=orders",
                "beyond=orders/eu-*",
                "beyond=orders/",
                "beyond=none"
            })
    void aStretchThatIsNoneIsRefused(String query) {
        assertThatExceptionOfType(Problem.Refusal.class)
                .isThrownBy(() -> documents(query))
                .satisfies(refusal ->
                        assertThat(refusal.problem().response().status().code()).isEqualTo(400));
    }

    @Test
    void everyDocumentIsOnOnePageHoweverLongPagesAre() throws Exception {
        List<String> all = documents("");
        for (int limit = 1; limit <= all.size() + 1; limit++) {
            List<String> read = new ArrayList<>();
            List<String> page = documents("limit=" + limit);
            while (!page.isEmpty()) {
                read.addAll(page);
                page = documents("limit=" + limit + "&beyond=" + word(page.get(page.size() - 1)));
            }
            assertThat(read).as("pages of " + limit).isEqualTo(all);
        }
    }

    /** The selector of a document, encoded for a query. */
    private static String word(String name) {
        return URLEncoder.encode(name.replace("%", "%25").replace("*", "%2A"), StandardCharsets.UTF_8)
                .replace("+", "%20");
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
