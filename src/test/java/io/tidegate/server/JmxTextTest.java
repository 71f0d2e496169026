package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What jconsole and others show of the beans: names, texts, and what an operation does. */
@Timeout(60)
class JmxTextTest {

    private static final Set<String> HARMLESS = Set.of("forecast", "list", "ended", "nodes");

    @TempDir
    Path directory;

    /** Another server in this JVM may have the plain names. */
    private List<MBeanInfo> beans(Tidegate server) throws Exception {
        var platform = ManagementFactory.getPlatformMBeanServer();
        String store = directory.resolve("data").toAbsolutePath().toString();
        for (ObjectName name : platform.queryNames(new ObjectName("io.tidegate:type=Server,*"), null)) {
            if (platform.getAttribute(name, "StoreDirectory").equals(store)) {
                var connections = new ObjectName(name.toString().replace("type=Server", "type=Connections"));
                return List.of(platform.getMBeanInfo(name), platform.getMBeanInfo(connections));
            }
        }
        throw new AssertionError("no bean of " + server.tcpAddress());
    }

    @Test
    void everyBeanAttributeOperationAndParameterSaysWhatItIs() throws Exception {
        try (var server = TestServer.start(directory)) {
            for (MBeanInfo bean : beans(server)) {
                assertThat(bean.getDescription()).startsWith("The ").contains("server");
                Stream<MBeanFeatureInfo> features = Stream.concat(
                        Arrays.stream(bean.getAttributes()),
                        Arrays.stream(bean.getOperations())
                                .flatMap(operation ->
                                        Stream.concat(Stream.of(operation), Arrays.stream(operation.getSignature()))));
                assertThat(features).allSatisfy(feature -> {
                    assertThat(feature.getDescription()).contains(" ").isNotEqualTo(feature.getName());
                    assertThat(feature.getName()).doesNotMatch("p\\d+");
                });
            }
        }
    }

    @Test
    void anOperationSaysWhetherItChangesSomething() throws Exception {
        try (var server = TestServer.start(directory)) {
            var operations = beans(server).stream()
                    .flatMap(bean -> Arrays.stream(bean.getOperations()))
                    .toList();

            assertThat(operations).hasSize(9).allSatisfy(operation -> assertThat(operation.getImpact())
                    .as(operation.getName())
                    .isEqualTo(
                            HARMLESS.contains(operation.getName())
                                    ? MBeanOperationInfo.INFO
                                    : MBeanOperationInfo.ACTION_INFO));
            assertThat(operations)
                    .filteredOn(operation -> operation.getName().equals("end"))
                    .singleElement()
                    .satisfies(operation -> assertThat(operation.getSignature())
                            .extracting(MBeanFeatureInfo::getName)
                            .containsExactly("how", "which"));
        }
    }
}
