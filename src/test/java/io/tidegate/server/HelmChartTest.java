package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import com.typesafe.config.Config;
import io.tidegate.drain.DrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Helm chart, as Helm itself renders it: the times of a stop follow from one number, and the server takes what it is told. */
class HelmChartTest {

    private static final Path SOURCE = Path.of("src", "main", "dist", "helm", "tidegate");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Map<String, Object> OPEN = Map.of("insecure", true);
    private static final Map<String, Object> THREE_NODES = Map.of(
            "replicas",
            3,
            "tls.secretName",
            "feed-tls",
            "access.secretName",
            "feed-tokens",
            "peers.secretName",
            "feed-peers",
            "settings.feed\\.order",
            "kafka",
            "settings.kafka\\.bootstrap-servers",
            "kafka-0.kafka:9092, kafka-1.kafka:9092");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path directory;

    private static Path chart() {
        return directory.resolve("tidegate");
    }

    @BeforeAll
    static void copyTheChartAsTheBuildDoes() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = chart().resolve(SOURCE.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, Files.readString(file).replace("@project.version@", "1.2.3"));
            }
        }
        assumeThatCode(() -> new Helm(chart()).show().chart().call())
                .as("there is a library of Helm for this machine")
                .doesNotThrowAnyException();
    }

    private static String rendered(Map<String, Object> values) {
        TemplateCommand command = new Helm(chart()).template().withName("feed").withNamespace("live");
        values.forEach(command::set);
        return command.call();
    }

    /** What is made of the chart, by kind and name. */
    private static ObjectNode objects(Map<String, Object> values) throws IOException {
        ObjectNode objects = YAML.createObjectNode();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(rendered(values))) {
            while (documents.hasNext()) {
                JsonNode each = documents.next();
                objects.set(
                        each.path("kind").asText() + " "
                                + each.at("/metadata/name").asText(),
                        each);
            }
        }
        return objects;
    }

    private static JsonNode pod(Map<String, Object> values) throws IOException {
        return objects(values).path("StatefulSet feed").at("/spec/template/spec");
    }

    /** The variables of the first node, as Kubernetes gives them to it. */
    private static Map<String, String> environment(JsonNode pod) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (JsonNode each : pod.at("/containers/0/env")) {
            String name = each.path("name").asText();
            String value =
                    name.equals("POD_NAME") ? "feed-0" : each.path("value").asText();
            variables.put(name, value.replace("$(POD_NAME)", "feed-0"));
        }
        return variables;
    }

    private static Config told(JsonNode pod) throws StartException {
        return ServerConfig.load(null, environment(pod));
    }

    private static Map<String, Object> and(Map<String, Object> values, String name, Object value) {
        Map<String, Object> more = new HashMap<>(values);
        more.put(name, value);
        return more;
    }

    @Test
    void helmFindsNothingWrongWithIt() {
        assertThat(new Helm(chart()).lint().strict().call().getMessages())
                .noneMatch(message -> message.contains("WARNING") || message.contains("ERROR"));
        assertThat(new Helm(chart()).lint().strict().call().isFailed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"12, false", "60, false", "60, true", "600, false", "3600, true"})
    void theTimesOfAStopFollowFromOneNumber(int total, boolean preStopSleep) throws Exception {
        JsonNode pod = pod(and(and(OPEN, "drainTotal", total), "preStopSleep", preStopSleep));
        DrainSettings drain = ServerSettings.from(told(pod)).drain();
        JsonNode container = pod.at("/containers/0");
        int preStop = container.at("/lifecycle/preStop/sleep/seconds").asInt(0);
        Duration noticed =
                Duration.ofSeconds(container.at("/readinessProbe/periodSeconds").asLong()
                        * container.at("/readinessProbe/failureThreshold").asLong());
        Duration givenUp =
                Duration.ofSeconds(container.at("/livenessProbe/periodSeconds").asLong()
                        * container.at("/livenessProbe/failureThreshold").asLong());

        assertThat(drain.total()).isEqualTo(Duration.ofSeconds(total));
        assertThat(pod.path("terminationGracePeriodSeconds").asInt())
                .as("longer than the wait before it, and the stop")
                .isGreaterThanOrEqualTo(preStop + total + 5);
        assertThat(drain.announce().plusSeconds(preStop))
                .as("time in which it is noticed that a node is not ready")
                .isPositive()
                .isGreaterThanOrEqualTo(noticed);
        assertThat(preStopSleep)
                .isEqualTo(preStop > 0)
                .isEqualTo(drain.announce().isZero());
        assertThat(givenUp).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void theServerTakesWhatOneNodeIsTold() throws Exception {
        JsonNode pod = pod(OPEN);

        ServerSettings settings = ServerSettings.from(told(pod));

        assertThat(settings.store().directory()).startsWithRaw(Path.of(mount(pod, "data")));
        assertThat(pod.at("/containers/0/args")).hasSize(1);
    }

    private static String mount(JsonNode pod, String volume) {
        for (JsonNode each : pod.at("/containers/0/volumeMounts")) {
            if (each.path("name").asText().equals(volume)) {
                return each.path("mountPath").asText();
            }
        }
        throw new AssertionError("no volume " + volume);
    }

    @Test
    void theServerTakesWhatNodesOfOneFeedAreTold() throws Exception {
        ObjectNode objects = objects(THREE_NODES);
        JsonNode pod = objects.path("StatefulSet feed").at("/spec/template/spec");

        Map<String, String> told = environment(pod);
        ServerSettings.from(ServerConfig.load(null, told));

        assertThat(told)
                .containsEntry("TIDEGATE_FEED_ORDER", "kafka")
                .containsEntry(
                        "TIDEGATE_SHARED_ADVERTISE_ADMIN", "https://feed-0.feed-nodes.live.svc.cluster.local:8990")
                .doesNotContainKey("TIDEGATE_HTTP_INSECURE");
        assertThat(told.get("TIDEGATE_TLS_CERTIFICATES")).contains(mount(pod, "tls") + "/tls.crt");
        assertThat(told.get("TIDEGATE_ACCESS_TOKENS_FILE")).startsWith(mount(pod, "access"));
        assertThat(told.get("TIDEGATE_SHARED_PEERS_TOKEN_FILE")).isEqualTo(mount(pod, "peers") + "/token");
        assertThat(told.get("TIDEGATE_SHARED_PEERS_CA")).isEqualTo(mount(pod, "peers") + "/ca.crt");
        assertThat(pod.at("/containers/0/readinessProbe/httpGet/scheme").asText())
                .isEqualTo("HTTPS");
        assertThat(objects.path("StatefulSet feed").at("/spec/replicas").asInt())
                .isEqualTo(3);
        assertThat(objects.path("PodDisruptionBudget feed")
                        .at("/spec/maxUnavailable")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void eachNodeKeepsItsStoreAndOnlyOperatorsReachTheAdminListener() throws Exception {
        ObjectNode objects = objects(OPEN);
        JsonNode set = objects.path("StatefulSet feed");
        JsonNode rules = objects.path("NetworkPolicy feed").at("/spec/ingress");

        assertThat(objects.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "StatefulSet feed",
                        "Service feed",
                        "Service feed-nodes",
                        "PodDisruptionBudget feed",
                        "NetworkPolicy feed");
        assertThat(set.at("/spec/volumeClaimTemplates/0/metadata/name").asText())
                .isEqualTo("data");
        assertThat(set.at("/spec/serviceName").asText()).isEqualTo("feed-nodes");
        assertThat(objects.path("Service feed").at("/spec/selector")).isEqualTo(set.at("/spec/selector/matchLabels"));
        assertThat(rules).hasSize(2);
        assertThat(rules.get(0).at("/ports").findValuesAsText("port")).containsExactly("lines", "http");
        assertThat(rules.get(1).at("/ports").findValuesAsText("port")).containsExactly("admin");
        assertThat(rules.get(1).has("from")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "drainTotal, 5, 12 seconds at least",
        "replicas, 2, several replicas need an order that they share",
        "settings.drain\\.total, 5s, follows from drainTotal",
        "insecure, false, tls.secretName and access.secretName are needed"
    })
    void whatCannotWorkIsRefusedWithAReason(String name, String value, String reason) {
        assertThatThrownBy(() -> rendered(and(OPEN, name, value))).hasMessageContaining(reason);
    }

    @Test
    void theImageRunsAsTheUserThatTheChartExpects() throws Exception {
        String build = Files.readString(Path.of("pom.xml"));

        assertThat(build)
                .contains("<user>%d:65532</user>"
                        .formatted(pod(OPEN).at("/securityContext/runAsUser").asInt()));
    }
}
