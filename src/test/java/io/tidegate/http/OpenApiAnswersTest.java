package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code /openapi.json} says of the answers of the API, compared with those that the routes give. */
@Timeout(120)
class OpenApiAnswersTest extends OpenApiFixture {

    /** Also, or only, answered in front of the routes: by what reads the requests, and drains their connections. */
    private static final Set<String> GIVEN_BEFORE = Set.of("408", "413", "503");

    /** Has had enough of everybody. */
    private static final Attempts HASTY = new Attempts() {
        @Override
        public boolean mayTry(InetAddress address) {
            return false;
        }

        @Override
        public void failed(InetAddress address) {}
    };

    /** By operation, such as {@code get /v1/documents}: the statuses of the answers that it gave. */
    private final Map<String, Set<String>> seen = new TreeMap<>();

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

    private void askedByAnUnknownName() throws Exception {
        for (String path : names(api.get("paths"))) {
            for (String method : METHODS) {
                if (api.get("paths").get(path).has(method)) {
                    exchange(method, path, path.replace("{", "").replace("}", ""), "Host: b", "", "");
                }
            }
        }
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

    private void whileTheStoreFails() throws Exception {
        log.failAppends(new FeedLogException("told to fail"));
        log.failSnapshots("told to fail");
        log.failReadsOf(new DocumentName(new Collection("c"), new Key("k")));
        publishByEveryWay();
        get(DOCUMENT, "/v1/documents/c/k", "");
        get("/v1/documents", "/v1/documents", "");
        get("/v1/collections", "/v1/collections", "");
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
}
