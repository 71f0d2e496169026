package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code /openapi.json} says of the API, compared with what the routes do. */
@Timeout(120)
class OpenApiTest extends OpenApiFixture {

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

    // ---- events, licence

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
}
