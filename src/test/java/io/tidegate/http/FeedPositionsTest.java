package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.TextEncoder;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that depend on a position that this server may not have come to; the wait is over at once. */
@Timeout(60)
class FeedPositionsTest {

    private static final List<String> READS = List.of("/v1/documents", "/v1/documents/c/k", "/v1/documents/c/none");

    private final Feed feed = FeedLimits.roomy().feed(new MemoryFeedLog(), new TextEncoder());
    private final FeedRoutes routes = RoomyRoutes.to(feed);
    private final BrowserGuard guard = BrowserGuard.of("test", List.of(), List.of());

    @BeforeEach
    void publish() {
        var unused = feed.publish(Change.put("c", "k", "1"), () -> {});
    }

    private Position ahead() {
        return feed.positionAt(feed.head().seq() + 1);
    }

    private HttpResponse answer(HttpRequest request) {
        Reply reply = RoomyRoutes.ask(request, guard, routes).reply();
        if (reply instanceof Reply.Streamed streamed) {
            streamed.body().close();
        }
        return reply.head();
    }

    private HttpResponse read(String path, String atLeast) {
        return answer(HttpRequest.of("GET", path).with("Tidegate-At-Least", atLeast));
    }

    private static String code(HttpResponse response) {
        return response.body().utf8String().replaceAll("(?s).*\"code\":\"([a-z-]*)\".*", "$1");
    }

    @Test
    void aReadHasWhatIsThere() {
        for (String path : READS) {
            int plain = answer(HttpRequest.of("GET", path)).status().code();
            assertThat(read(path, feed.head().toString()).status().code()).isEqualTo(plain);
            assertThat(read(path, " " + feed.positionAt(0)).status().code()).isEqualTo(plain);
        }
    }

    @Test
    void aReadThatIsAheadIsToBeTriedAgain() {
        for (String path : READS) {
            HttpResponse response = read(path, ahead().toString());

            assertThat(response.status().code()).isEqualTo(503);
            assertThat(code(response)).isEqualTo("position-ahead");
            assertThat(response.first("Retry-After")).isPresent();
        }
    }

    @Test
    void aReadOfAnotherHistoryIsGone() {
        for (String path : READS) {
            HttpResponse response = read(path, "other:1");

            assertThat(response.status().code()).isEqualTo(410);
            assertThat(code(response)).isEqualTo("position-unavailable");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "k7f3x2ab", "k7f3x2ab:1, k7f3x2ab:2", "\"k7f3x2ab:1\""})
    void whatIsNoPositionIsRefused(String header) {
        for (String path : READS) {
            assertThat(read(path, header).status().code()).isEqualTo(400);
        }
    }

    @Test
    void twoPositionsAreRefused() {
        String head = feed.head().toString();
        HttpRequest request = HttpRequest.of("GET", "/v1/documents")
                .with("Tidegate-At-Least", head)
                .with("Tidegate-At-Least", head);

        assertThat(answer(request).status().code()).isEqualTo(400);
    }

    @Test
    void aWriteThatDependsOnWhatIsAheadIsToBeTriedAgain() {
        HttpRequest delete = HttpRequest.of("DELETE", "/v1/documents/c/k");
        String head = EntityTags.of(feed.head());

        HttpResponse refused = answer(delete.with("If-Match", EntityTags.of(ahead()) + ", " + head));
        assertThat(refused.status().code()).isEqualTo(503);
        assertThat(code(refused)).isEqualTo("position-ahead");
        assertThat(feed.head().seq()).isEqualTo(1);

        assertThat(answer(delete.with("If-Match", "\"other:7\"")).status().code())
                .isEqualTo(412);
        assertThat(answer(delete.with("If-Match", "W/" + EntityTags.of(ahead())))
                        .status()
                        .code())
                .isEqualTo(412);
        assertThat(answer(delete.with("If-Match", head)).status().code()).isEqualTo(204);
    }

    @Test
    void updatesAfterWhatDoesNotComeAreGone() {
        assertThat(answer(HttpRequest.of("GET", "/v1/updates?after=" + ahead()))
                        .status()
                        .code())
                .isEqualTo(410);
        assertThat(answer(HttpRequest.of("GET", "/v1/updates?after=" + feed.head()))
                        .status()
                        .code())
                .isEqualTo(200);
    }
}
