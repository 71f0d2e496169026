package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.access.Access;
import io.tidegate.access.Attempts;
import io.tidegate.access.Rights;
import io.tidegate.access.TestIdentities;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Key;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.TextEncoder;
import io.tidegate.feed.UndecidedOrder;
import io.tidegate.feed.Wakeup;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code /openapi.json} says of the API, compared with what the routes do. */
@Timeout(120)
class OpenApiTest {

    private static final String DOCUMENT = "/v1/documents/{collection}/{key}";
    private static final String HANDSHAKE =
            """
            Host: a
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            """;

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

    /** Also, or only, answered in front of the routes: by what reads the requests, and drains their connections. */
    private static final Set<String> GIVEN_BEFORE = Set.of("408", "413", "503");

    private static final HttpSettings LIMITS = new HttpSettings(
            Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(15), 1024, 8192, 1 << 20);

    /** Has had enough of everybody. */
    private static final Attempts HASTY = new Attempts() {
        @Override
        public boolean mayTry(InetAddress address) {
            return false;
        }

        @Override
        public void failed(InetAddress address) {}
    };

    private static final Tickets TICKETS =
            new Tickets(new TicketSettings(Duration.ofSeconds(30), 100), InstantSource.system());

    private Access access = Access.OPEN;
    private final JsonNode api = description();
    private final MemoryFeedLog log = new MemoryFeedLog();
    private final Feed feed = new Feed(
            log,
            FeedLimits.roomy().settings(),
            new TextEncoder(),
            Runnable::run,
            Runnable::run,
            Runnable::run,
            CommitObserver.NONE);
    private FeedRoutes routes = RoomyRoutes.to(feed);
    private final BrowserGuard guard = BrowserGuard.of("test", List.of("a"), List.of());

    /** By operation, such as {@code get /v1/documents}: the statuses of the answers that it gave. */
    private final Map<String, Set<String>> seen = new TreeMap<>();

    private static JsonNode description() {
        try (InputStream file = FeedRoutes.class.getResourceAsStream("openapi.json")) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- paths, methods, references

    @Test
    void describesEveryPathOfTheApiAndNoOther() {
        Set<String> served = new TreeSet<>(routes.paths());
        served.removeAll(PageRoutes.resources().keySet());
        assertThat(served.remove("/v1/documents/*/*")).isTrue();
        served.add(DOCUMENT);

        assertThat(names(api.get("paths"))).isEqualTo(served);
    }

    @Test
    void describesEveryMethodOfEachPathAndNoOther() throws Exception {
        for (String path : names(api.get("paths"))) {
            Set<String> allowed = answer("OPTIONS", path.replace("{", "").replace("}", ""), "")
                    .first("Allow")
                    .map(header -> Arrays.stream(header.split(", ", -1))
                            .map(name -> name.toLowerCase(Locale.ROOT))
                            .collect(Collectors.toCollection(TreeSet::new)))
                    .orElseThrow();

            // HEAD is where something is read by GET, and OPTIONS everywhere.
            assertThat(allowed.remove("head")).isEqualTo(allowed.contains("get") && !path.equals("/v1/socket"));
            allowed.remove("options");
            Set<String> described = names(api.get("paths").get(path));
            described.retainAll(METHODS);
            assertThat(described).as(path).isEqualTo(allowed);
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        for (JsonNode reference : api.findValues("$ref")) {
            assertThat(resolved(reference.asText()).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
        }
    }

    private static Set<String> names(JsonNode object) {
        return new TreeSet<>(StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
                .toList());
    }

    private JsonNode resolved(String reference) {
        assertThat(reference).startsWith("#/");
        return api.at(reference.substring(1));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? resolved(node.get("$ref").asText()) : node;
    }

    // ---- parameters

    @Test
    void everyParameterIsTakenAndNoOther() throws Exception {
        Map<String, String> values = Map.of(
                "collection", "c",
                "after", feed.head().toString(),
                "select", "c/k*",
                "watch", "d",
                "latest", "true",
                "ticket", "t",
                "beyond", "c/k",
                "limit", "7",
                "readable", "true");
        for (String path : names(api.get("paths"))) {
            JsonNode get = api.get("paths").get(path).path("get");
            if (get.isMissingNode()) {
                continue;
            }
            String target = path.replace("{", "").replace("}", "");
            List<String> query = new ArrayList<>();
            for (JsonNode parameter : get.path("parameters")) {
                if (resolved(parameter).get("in").asText().equals("query")) {
                    String name = resolved(parameter).get("name").asText();
                    query.add(name + "=" + values.get(name));
                }
            }
            String handshake = path.endsWith("socket") ? HANDSHAKE : "";
            assertThat(answer("GET", target + "?" + String.join("&", query), handshake)
                            .status()
                            .code())
                    .as(path)
                    .isIn(101, 200, 404);
            assertThat(answer("GET", target + "?other=1", handshake).status().code())
                    .as(path)
                    .isEqualTo(400);
        }
    }

    // ---- answers

    @Test
    void everyAnswerIsDescribedAndEveryDescribedAnswerIsGiven() throws Exception {
        exchange("put", DOCUMENT, "/v1/documents/c/k", "", "application/json", "1");
        exchange("put", DOCUMENT, "/v1/documents/c/k", "", "application/json", "2");
        exchange("put", DOCUMENT, "/v1/documents/c/k", "If-None-Match: *", "application/json", "3");
        exchange("put", DOCUMENT, "/v1/documents/c/other", "If-Match: *", "application/json", "3");
        exchange("put", DOCUMENT, "/v1/documents/c/k", "", "application/json", "{");
        exchange("put", DOCUMENT, "/v1/documents/c/k", "", "text/plain", "1");
        exchange("put", DOCUMENT, "/v1/documents/c/k", "Origin: http://b\nHost: a", "application/json", "1");
        get(DOCUMENT, "/v1/documents/c/k", "");
        get(DOCUMENT, "/v1/documents/c/k", "If-None-Match: *");
        get(DOCUMENT, "/v1/documents/c/k", "If-Match: \"other:1\"");
        get(DOCUMENT, "/v1/documents/c/other", "");
        get(DOCUMENT, "/v1/documents/c%20d/k", "");
        get(DOCUMENT, "/v1/documents/c/k", "Tidegate-At-Least: other:1");
        get("/v1/documents", "/v1/documents", "Tidegate-At-Least: other:1");
        for (String path : List.of("/v1/documents", "/v1/updates", "/v1/follow", "/v1/collections")) {
            get(path, path, "");
            get(path, path, "Accept: application/x-ndjson");
            get(path, path, "Accept: application/json;q=0.5, text/event-stream;q=0.5");
            get(path, path, "Accept: image/png");
            get(path, path + "?collection=c%20d", "");
        }
        get("/v1/updates", "/v1/updates?after=other:1", "");
        get("/v1/socket", "/v1/socket", HANDSHAKE);
        get("/v1/socket", "/v1/socket", HANDSHAKE + "Origin: http://b");
        get("/v1/socket", "/v1/socket", HANDSHAKE.replace("dGhl", ""));
        get("/v1/socket", "/v1/socket", HANDSHAKE.replace("Version: 13", "Version: 12"));
        get("/v1/socket", "/v1/socket", "");
        String lines = "application/x-ndjson";
        exchange("post", "/v1/updates", "/v1/updates", "", lines, "{\"collection\":\"c\",\"key\":\"k\",\"value\":1}");
        exchange("post", "/v1/updates", "/v1/updates", "", lines, "nonsense");
        exchange("post", "/v1/updates", "/v1/updates", "", "text/plain", "");
        exchange("post", "/v1/updates", "/v1/updates", "Origin: http://b\nHost: a", lines, "");
        exchange("delete", DOCUMENT, "/v1/documents/c/k", "If-Match: \"other:1\"", "", "");
        exchange("delete", DOCUMENT, "/v1/documents/c/k", "", "", "");
        exchange("delete", DOCUMENT, "/v1/documents/c%20d/k", "", "", "");
        exchange("delete", DOCUMENT, "/v1/documents/c/k", "Origin: http://b\nHost: a", "", "");
        askedForCredentials();
        askedByAnUnknownName();
        askedByWhoMayNot();
        whileTheStoreFails();
        whileTheOutcomeIsUnknown();

        for (String path : names(api.get("paths"))) {
            for (String method : METHODS) {
                JsonNode operation = api.get("paths").get(path).path(method);
                if (!operation.isMissingNode()) {
                    Set<String> described = names(operation.get("responses"));
                    described.removeAll(GIVEN_BEFORE);
                    Set<String> given = seen.getOrDefault(method + " " + path, new TreeSet<>());
                    given.removeAll(GIVEN_BEFORE);
                    assertThat(given).as(method + " " + path).isEqualTo(described);
                }
            }
        }
    }

    private void askedForCredentials() throws Exception {
        access = new Access(new TestIdentities().with("desk", Rights.ALL), Attempts.UNCOUNTED, InstantSource.system());
        String desk = "Authorization: Bearer " + TestIdentities.tokenOf("desk");
        exchange("post", "/v1/tickets", "/v1/tickets", desk, "", "");
        exchange("post", "/v1/tickets", "/v1/tickets?other=1", desk, "", "");
        exchange("post", "/v1/session", "/v1/session", desk, "", "");
        exchange("post", "/v1/session", "/v1/session?other=1", desk, "", "");
        exchange("delete", "/v1/session", "/v1/session", "", "", "");
        exchange("delete", "/v1/session", "/v1/session?other=1", "", "", "");
        access = Access.OPEN;
    }

    private void askedByWhoMayNot() throws Exception {
        var identities = new TestIdentities().with("guest", Rights.NONE);
        for (String shown : List.of("guest", "nobody", "anybody")) {
            access = new Access(
                    identities, shown.equals("anybody") ? HASTY : Attempts.UNCOUNTED, InstantSource.system());
            for (String path : names(api.get("paths"))) {
                for (String method : METHODS) {
                    if (api.get("paths").get(path).has(method)) {
                        String origin =
                                path.matches("/v1/(socket|session|tickets)") ? "\nOrigin: http://b\nHost: a" : "";
                        String handshake = path.endsWith("socket") ? HANDSHAKE : "";
                        exchange(
                                method,
                                path,
                                path.replace("{", "").replace("}", ""),
                                handshake + "Authorization: Bearer " + TestIdentities.tokenOf(shown)
                                        + (shown.equals("guest") ? origin : ""),
                                "",
                                "");
                    }
                }
            }
        }
        access = Access.OPEN;
    }

    private void askedByAnUnknownName() throws Exception {
        for (String path : names(api.get("paths"))) {
            for (String method : METHODS) {
                if (api.get("paths").get(path).has(method)) {
                    exchange(method, path, path.replace("{", "").replace("}", ""), "Host: b", "", "");
                }
            }
        }
    }

    @Test
    void everyEventOfAStreamHasASchema() {
        Set<String> described = new TreeSet<>();
        for (JsonNode event : api.at("/components/schemas/event/oneOf")) {
            described.add(resolved(event).at("/properties/event/const").asText());
        }

        assertThat(described)
                .containsExactlyInAnyOrder(
                        "document",
                        "synced",
                        "subscribed",
                        "put",
                        "delete",
                        "heartbeat",
                        "snapshot",
                        "caughtup",
                        "watching",
                        "unwatched",
                        "condensed",
                        "resync",
                        "goodbye",
                        "error");
    }

    @Test
    void claimsNoLicence() {
        assertThat(api.get("info").has("license")).isFalse();
    }

    private void whileTheOutcomeIsUnknown() throws Exception {
        routes = RoomyRoutes.to(new Feed(
                new UndecidedOrder(),
                new MemoryFeedLog(),
                FeedLimits.roomy().settings(),
                new TextEncoder(),
                Runnable::run,
                Runnable::run,
                Runnable::run,
                CommitObserver.NONE));
        publishByEveryWay();
    }

    private void whileTheStoreFails() throws Exception {
        log.failAppends(new FeedLogException("told to fail"));
        log.failSnapshots("told to fail");
        log.failReadsOf(new DocumentName(new Collection("c"), new Key("k")));
        publishByEveryWay();
        get(DOCUMENT, "/v1/documents/c/k", "");
        get("/v1/documents", "/v1/documents", "");
        get("/v1/collections", "/v1/collections", "");
    }

    private void publishByEveryWay() throws Exception {
        exchange("put", DOCUMENT, "/v1/documents/c/k", "", "application/json", "1");
        exchange("delete", DOCUMENT, "/v1/documents/c/k", "", "", "");
        exchange(
                "post",
                "/v1/updates",
                "/v1/updates",
                "",
                "application/x-ndjson",
                "{\"collection\":\"c\",\"key\":\"k\",\"value\":1}");
    }

    private void get(String path, String target, String headers) throws Exception {
        exchange("get", path, target, headers, "", "");
    }

    /** Asks, and compares the answer with its description. */
    private void exchange(String method, String path, String target, String headers, String type, String body)
            throws Exception {
        HttpRequest request = request(method.toUpperCase(Locale.ROOT), target, headers);
        HttpResponse response = answer(type.isEmpty() ? request : request.with("Content-Type", type), body);
        String status = String.valueOf(response.status().code());
        String what = method + " " + target + " " + headers + ": " + status;
        seen.computeIfAbsent(method + " " + path, key -> new TreeSet<>()).add(status);

        JsonNode described =
                resolved(api.get("paths").get(path).get(method).get("responses").path(status));
        assertThat(described.isMissingNode()).as(what).isFalse();
        for (String header : names(described.path("headers"))) {
            boolean required = resolved(described.get("headers").get(header))
                    .path("required")
                    .asBoolean();
            assertThat(!required || response.first(header).isPresent())
                    .as(what + " " + header)
                    .isTrue();
        }
        for (String header : List.of("ETag", "Tidegate-Position", "Retry-After")) {
            assertThat(response.first(header).isPresent()
                            && !described.path("headers").has(header))
                    .as(what + " " + header)
                    .isFalse();
        }
        if (described.has("content")) {
            assertThat(names(described.get("content"))).as(what).contains(response.type());
        } else {
            assertThat(response.body().isEmpty()).as(what).isTrue();
        }
    }

    private HttpResponse answer(String method, String target, String headers) throws Exception {
        return answer(request(method, target, headers), "");
    }

    private static HttpRequest request(String method, String target, String headers) {
        HttpRequest request = HttpRequest.of(method, target);
        for (String line : headers.lines().toList()) {
            String[] header = line.split(": ", 2);
            request = request.with(header[0], header[1]);
        }
        return request;
    }

    private HttpResponse answer(HttpRequest request, String content) throws Exception {
        ByteString bytes = ByteString.fromString(content);
        var body = new Body(bytes.size(), LIMITS, new Wakeup(Runnable::run, () -> {}), () -> {});
        try {
            var answer = new Door(guard, Callers.withBrowsers(access, TICKETS), routes)
                    .answer(request.with(body), access.enter(InetAddress.getLoopbackAddress(), List.of()), known -> {})
                    .toCompletableFuture();
            if (!bytes.isEmpty()) {
                body.take(bytes, 0);
                body.end();
            }
            Reply reply = answer.get(60, TimeUnit.SECONDS);
            if (reply instanceof Reply.Streamed streamed) {
                streamed.body().close();
            }
            return reply.head();
        } catch (Problem.Refusal refusal) {
            return refusal.problem().response();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem.Refusal refusal) {
                return refusal.problem().response();
            }
            throw e;
        }
    }
}
