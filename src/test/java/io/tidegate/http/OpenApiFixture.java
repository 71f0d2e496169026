package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.Await;
import io.tidegate.access.Access;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.TextEncoder;
import io.tidegate.feed.Wakeup;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** What {@code /openapi.json} says of the API, and the routes that it speaks of, to be asked. */
abstract class OpenApiFixture {

    static final String DOCUMENT = "/v1/documents/{collection}/{key}";
    static final String HANDSHAKE =
            """
            Host: a
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            """;

    static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

    private static final HttpSettings LIMITS = new HttpSettings(
            Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(15), 1024, 8192, 1 << 20);

    private static final Tickets TICKETS =
            new Tickets(new TicketSettings(Duration.ofSeconds(30), 100), InstantSource.system());

    Access access = Access.OPEN;
    final JsonNode api = description();
    final MemoryFeedLog log = new MemoryFeedLog();
    final Feed feed = FeedLimits.roomy().feed(log, new TextEncoder());
    FeedRoutes routes = RoomyRoutes.to(feed);
    private final BrowserGuard guard = BrowserGuard.of("test", List.of("a"), List.of());

    private static JsonNode description() {
        try (InputStream file = FeedRoutes.class.getResourceAsStream("openapi.json")) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Set<String> names(JsonNode object) {
        return new TreeSet<>(StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
                .toList());
    }

    JsonNode resolved(String reference) {
        assertThat(reference).startsWith("#/");
        return api.at(reference.substring(1));
    }

    JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? resolved(node.get("$ref").asText()) : node;
    }

    HttpResponse answer(String method, String target, String headers) throws Exception {
        return answer(request(method, target, headers), "");
    }

    static HttpRequest request(String method, String target, String headers) {
        HttpRequest request = HttpRequest.of(method, target);
        for (String line : headers.lines().toList()) {
            String[] header = line.split(": ", 2);
            request = request.with(header[0], header[1]);
        }
        return request;
    }

    HttpResponse answer(HttpRequest request, String content) throws Exception {
        ByteString bytes = ByteString.fromString(content);
        var body = new Body(bytes.size(), LIMITS, new Wakeup(Runnable::run, () -> {}), () -> {});
        Door.Question question = new Door(guard, Callers.withBrowsers(access, TICKETS), routes)
                .ask(
                        request.with(body),
                        access.enter(InetAddress.getLoopbackAddress(), List.of()),
                        known -> {},
                        () -> {});
        if (!bytes.isEmpty()) {
            body.take(bytes, 0);
            body.end();
        }
        Await.until(question::isAnswered);
        Reply reply = question.reply();
        if (reply instanceof Reply.Streamed streamed) {
            streamed.body().close();
        }
        return reply.head();
    }
}
