package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.connection.ConnectionLimits;
import io.tidegate.document.Change;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.StepExecutor;
import io.tidegate.feed.TextEncoder;
import io.tidegate.feed.Wakeup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that wait for room in the feed's queue, which has room for one change. */
@Timeout(60)
class HeldBackWriteTest {

    private static final HttpSettings LIMITS = new HttpSettings(
            Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(15), 1024, 8192, 1 << 20);

    /** The connections that were asked to look again. */
    private final List<String> woken = new ArrayList<>();

    private final StepExecutor commits = new StepExecutor();
    private final MemoryFeedLog log = new MemoryFeedLog();
    private final Feed feed = new Feed(
            log,
            FeedLimits.roomy().queue(1, 1 << 20).commit(1, 1 << 16).settings(),
            new TextEncoder(),
            commits,
            Runnable::run,
            Runnable::run,
            CommitObserver.NONE);
    private final DocumentRoutes documents = new DocumentRoutes(feed, new FeedPositions(feed));
    private final BulkRoutes bulk = new BulkRoutes(feed, ConnectionLimits.of(4096, 10, 1000, 1 << 16));
    private final BrowserGuard guard = BrowserGuard.of("test", List.of(), List.of());

    /** One change is in the queue, so that nothing else finds room. */
    @BeforeEach
    void fill() {
        var unused = feed.publish(Change.put("c", "first", "1"), () -> {});
    }

    private Door.Question ask(String method, String target, String type, String content) {
        ByteString bytes = ByteString.fromString(content);
        var body = new Body(bytes.size(), LIMITS, new Wakeup(Runnable::run, () -> woken.add(target)), () -> {});
        HttpRequest request =
                HttpRequest.of(method, target).with("Content-Type", type).with(body);
        Routes routes = method.equals("POST") ? bulk::publish : documents.document();
        Door.Question question = RoomyRoutes.ask(request, guard, routes);
        if (!bytes.isEmpty()) {
            body.take(bytes, 0);
            body.end();
        }
        return question;
    }

    private Door.Question put(String key) {
        return ask("PUT", "/v1/documents/c/" + key, "application/json", "1");
    }

    @Test
    void allThatWaitAreAnsweredInTheOrderInWhichTheyCame() {
        List<Door.Question> questions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            questions.add(put("k" + i));
        }

        commits.runAll();

        assertThat(questions).allMatch(Door.Question::isAnswered);
        assertThat(feed.head().seq()).isEqualTo(6);
        for (int i = 0; i < 5; i++) {
            assertThat(questions
                            .get(i)
                            .reply()
                            .head()
                            .first("Tidegate-Position")
                            .orElseThrow())
                    .endsWith(":" + (i + 2));
        }
    }

    @Test
    void ofManyThatAreWokenTogetherAsManyPublishAsThereIsRoomFor() {
        for (int i = 0; i < 5; i++) {
            var unused = put("k" + i);
        }

        List<Integer> queued = new ArrayList<>();
        log.beforeAppend(() -> queued.add(feed.status().queuedUpdates()));
        commits.runAll();

        assertThat(queued).containsExactly(1, 1, 1, 1, 1, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "POST"})
    void aClientThatLeavesTakesItsChangeAlong(String method) {
        Door.Question left = method.equals("POST")
                ? ask("POST", "/v1/updates", "application/x-ndjson", "{\"collection\":\"c\",\"key\":\"k\",\"value\":1}")
                : ask(method, "/v1/documents/c/k", "application/json", method.equals("PUT") ? "1" : "");
        Door.Question stays = put("other");
        assertThat(left.isAnswered()).isFalse();

        left.drop();
        commits.runAll();

        assertThat(stays.isAnswered()).isTrue();
        assertThat(feed.head().seq()).isEqualTo(2);
        assertThat(left.isAnswered()).isFalse();
        assertThat(woken).as("the connection is forgotten").isEmpty();
    }
}
