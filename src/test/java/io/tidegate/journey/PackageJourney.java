package io.tidegate.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What the packaged server says that it is made of. */
class PackageJourney {

    private static JsonNode listOfParts() throws Exception {
        Path jar = Path.of(System.getProperty("tidegate.jar", "target/tidegate.jar"));
        try (var zip = new ZipFile(jar.toFile())) {
            var entry = requireNonNull(zip.getEntry("META-INF/sbom/tidegate.cdx.json"));
            return new ObjectMapper().readTree(zip.getInputStream(entry).readAllBytes());
        }
    }

    @Test
    void theJarListsTheLibrariesThatAreInIt() throws Exception {
        JsonNode list = listOfParts();

        assertThat(list.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(list.path("metadata").path("component").path("name").asText())
                .isEqualTo("tidegate");
        List<String> names = new ArrayList<>();
        for (JsonNode component : list.path("components")) {
            names.add(component.path("name").asText());
            assertThat(component.path("version").asText()).isNotEmpty();
            assertThat(component.path("hashes")).isNotEmpty();
        }
        assertThat(names)
                .contains(
                        "akka-stream_2.13",
                        "rocksdbjni",
                        "kafka-clients",
                        "jnats",
                        "netty-codec-http",
                        "jackson-core",
                        "picocli",
                        "logback-classic")
                .as("only what is in the jar")
                .noneMatch(name -> name.matches(
                        ".*(junit|assertj|archunit|testkit|jazzer|jackson-databind|kafka_2|kafka-server|bcprov).*"));
    }
}
