package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.tidegate.tls.CertificateFiles;
import io.tidegate.tls.TlsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings: where they come from and what they may be. */
class ServerConfigTest {

    @TempDir
    Path directory;

    private static ServerSettings settings(String told) throws StartException {
        return ServerSettings.from(ServerConfig.complete(ConfigFactory.parseString(told)));
    }

    @Test
    void defaultsAreComplete() throws Exception {
        ServerSettings settings = settings("");

        assertThat(settings.tcp().host()).isEqualTo("127.0.0.1");
        assertThat(settings.tcp().port()).isEqualTo(8989);
        assertThat(settings.drain().timeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.feed().retention().updates()).isEqualTo(1_000_000);
        assertThat(settings.feed().retention().tombstones()).isEqualTo(Duration.ofDays(7));
        assertThat(settings.feed().retention().tombstoneBytes()).isEqualTo(256L << 20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tidegate.tcp.port = 70000 | tidegate.tcp.port = 70000: allowed is a whole number from 0 to 65535",
                "tidegate.tcp.port = some | tidegate.tcp.port = some: allowed is a whole number from 0 to 65535",
                "tidegate.connection.max-connections = 0 | tidegate.connection.max-connections = 0:"
                        + " allowed is auto, or a whole number from 1 to 1000000",
                "tidegate.store.durability = maybe | tidegate.store.durability = maybe: allowed is one of [os, sync]",
                "tidegate.connection.max-line-bytes = 1 | tidegate.connection.max-line-bytes = 1:"
                        + " allowed is auto, or a size from 256 bytes to 16 MiB",
                "tidegate.drain.timeout = 0 s | tidegate.drain.timeout = 0 s:"
                        + " allowed is auto, or a duration from 100 ms to 1 h",
                "tidegate.feed.ring.batches = 100 | tidegate.feed.ring.batches = 100:"
                        + " allowed is a power of two from 16 to 65536",
                "tidegate.shared.advertise.tcp = here | tidegate.shared.advertise.tcp = here:"
                        + " allowed is auto, nothing, or an address such as node-1.example.org:8989",
                "tidegate.shared.advertise.http = \"http://a/b\" | tidegate.shared.advertise.http = http://a/b:"
                        + " allowed is auto, nothing, or a URL without a path such as https://node-1.example.org:8080",
                "tidegate.tcp.port = null | tidegate.tcp.port = (nothing): allowed is a whole number from 0 to 65535",
                "tidegate.http.idle-timeout = 30 | tidegate.http.idle-timeout = 30: 30 what? Give it a unit, such as"
                        + " 30 s; allowed is a duration from 1 s to 1 day",
                "tidegate.drain.timeout = 5000 | tidegate.drain.timeout = 5000: 5000 what? Give it a unit, such as 30"
                        + " s; allowed is auto, or a duration from 100 ms to 1 h",
                "tidegate.drain.timeout = \"1e4\" | tidegate.drain.timeout = 1e4: 1e4 what? Give it a unit, such as 30"
                        + " s; allowed is auto, or a duration from 100 ms to 1 h",
                "tidegate.drain.timeout = \".5e4\" | tidegate.drain.timeout = .5e4: .5e4 what? Give it a unit, such as"
                        + " 30 s; allowed is auto, or a duration from 100 ms to 1 h",
                "tidegate.feed.retention.age = 1 week | tidegate.feed.retention.age = 1 week:"
                        + " allowed is a duration from 0 s to 10,000 days",
                "tidegate.feed.retention.bytes = 1 | tidegate.feed.retention.bytes = 1:"
                        + " allowed is a size from 1 MiB to 1 PiB",
                "tidegate.log.level = loud | tidegate.log.level = loud:"
                        + " allowed is one of [DEBUG, ERROR, INFO, TRACE, WARN]",
                "tidegate.tcp.host = \"a b\" | tidegate.tcp.host = a b: allowed is a name or an address, such as"
                        + " 127.0.0.1",
                "tidegate.store.directory = \"\" | tidegate.store.directory = : allowed is the path of a directory",
                "tidegate.store.directory = \"a\\u0000b\" | tidegate.store.directory = a\\u0000b:"
                        + " allowed is the path of a directory",
                "tidegate.tls.client-auth = maybe | tidegate.tls.client-auth = maybe:"
                        + " allowed is one of [none, require, want]",
                "tidegate.tcp.tls.client-auth = maybe | tidegate.tcp.tls.client-auth = maybe:"
                        + " allowed is one of [none, require, want]",
                "tidegate.tls.protocols = [TLSv1.1] | tidegate.tls.protocols = [TLSv1.1]:"
                        + " allowed is a list of TLSv1.3, TLSv1.2 or both",
                "tidegate.tls.protocols = [] | tidegate.tls.protocols = []:"
                        + " allowed is a list of TLSv1.3, TLSv1.2 or both",
                "tidegate.tls.certificates = [a] | tidegate.tls.certificates = [a]: allowed is a list of"
                        + " { chain = FILE, key = FILE, key-password-file = FILE } and { pkcs12 = FILE, password-file = FILE }",
                "tidegate.tls.certificates = [{ chain = a }] | tidegate.tls.certificates.0.key = (nothing):"
                        + " allowed is the path of a file",
                "tidegate.http.tls.client-auth = want | tidegate.http.tls.client-auth = want:"
                        + " allowed is none while tidegate.http.tls.certificates is empty",
                "tidegate.http.tls { client-auth = want, certificates = [{ pkcs12 = a }] } | tidegate.http.tls.client-ca = :"
                        + " allowed is the path of a file while tidegate.http.tls.client-auth is not none",
                "tidegate = 5 | tidegate = 5: allowed is a section, tidegate { … }",
                "tidegate.drain = 5 | tidegate.drain = 5: allowed is a section, tidegate.drain { … }",
                "tidegate.tcp = 5 | tidegate.tcp = 5: allowed is a section, tidegate.tcp { … }",
                "tidegate { tcp = 5, http.host = ${tidegate.tcp.host} } | tidegate.tcp = 5:"
                        + " allowed is a section, tidegate.tcp { … }",
                "tidegate.tcp.host = ${nowhere} | the configuration cannot be resolved: String: 1:"
                        + " Could not resolve substitution to a value: ${nowhere}",
            })
    void aBadValueIsRefusedWithKeyValueAndWhatIsAllowed(String told, String message) {
        assertThatThrownBy(() -> settings(told))
                .isInstanceOf(StartException.class)
                .hasMessage(message);
    }

    @Test
    void aFileThatCannotBeReadIsToldWithoutTheNamesOfClasses() {
        assertThatThrownBy(() -> ServerConfig.load(directory.resolve("none"), Map.of()))
                .isInstanceOf(StartException.class)
                .hasMessage(
                        "cannot read the configuration file " + directory.resolve("none") + ": there is no such file");
        assertThatThrownBy(() -> ServerConfig.load(directory, Map.of()))
                .isInstanceOf(StartException.class)
                .hasMessage("cannot read the configuration file " + directory + ": it is a directory");
    }

    @Test
    void everySettingHasARange() {
        Config complete = ConfigFactory.defaultReference();
        for (String key : keys(complete.getConfig("tidegate"))) {
            // A line break is no name, no number, and no choice.
            Config bad = complete.withValue("tidegate." + key, ConfigValueFactory.fromAnyRef("\n"));

            assertThatThrownBy(() -> ServerSettings.from(bad))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("tidegate." + key + " =")
                    .hasMessageContaining(": allowed is ");
        }
    }

    @Test
    void whateverIsWrongWithAValueIsOneLineThatNamesKeyValueAndWhatIsAllowed() {
        List<Object> values = List.of(
                "a\0b",
                "\ud800",
                "[",
                "${x}",
                "1e999 GiB",
                "-1",
                "9223372036854775808",
                "999999999999999999 days",
                "NaN",
                -1,
                1e300,
                Long.MAX_VALUE,
                Map.of("0", "\0"),
                Map.of("a", 1),
                List.of("\0"),
                List.of(List.of()));
        Config complete = ConfigFactory.defaultReference();
        for (String key : keys(complete.getConfig("tidegate"))) {
            for (Object value : values) {
                Config told = complete.withValue("tidegate." + key, ConfigValueFactory.fromAnyRef(value));

                Throwable failure = catchThrowable(() -> ServerSettings.from(told));

                if (failure != null) {
                    assertThat(failure).as("%s = %s", key, value).isInstanceOf(StartException.class);
                    assertThat(String.valueOf(failure.getMessage()).lines())
                            .anyMatch(line -> line.matches(
                                    "\\s*tidegate\\." + Pattern.quote(key) + " = .*: (.* what\\? .*; )?allowed is .+"))
                            .noneMatch(line -> line.matches(".*\\p{Cntrl}.*"));
                }
            }
        }
    }

    private static List<String> keys(Config config) {
        return config.entrySet().stream().map(Map.Entry::getKey).sorted().toList();
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThatThrownBy(() -> settings("tidegate { tcp.port = 70000, tcp.prot = 1, drain.timeout = 0 s }"))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("3 settings are wrong:\n")
                .hasMessageContaining("\n  tidegate.tcp.port = 70000: allowed is")
                .hasMessageContaining("\n  unknown setting tidegate.tcp.prot")
                .hasMessageContaining("\n  tidegate.drain.timeout = 0 s: allowed is");
        assertThatThrownBy(() -> settings("tidegate { http.port = 8989, drain { total = 5 s, timeout = 20 s } }"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("\n  tidegate.http.port = 8989")
                .hasMessageContaining("\n  tidegate.drain.total = 5 s");
    }

    @Test
    void aDurationWithoutAUnitIsTakenFromAProgramAndWhereItIsZero() throws Exception {
        Config told = ConfigFactory.parseMap(Map.of("tidegate.http.idle-timeout", Duration.ofSeconds(5)))
                .withFallback(ConfigFactory.parseString("tidegate.feed.round-pause = 0"));
        Config complete = ServerConfig.complete(told);

        ServerSettings.from(complete);

        assertThat(complete.getDuration("tidegate.http.idle-timeout")).isEqualTo(Duration.ofSeconds(5));
        assertThat(complete.getDuration("tidegate.feed.round-pause")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"http://a\", \"http://b\"]",
                "\"[\\\"http://a\\\", \\\"http://b\\\"]\"",
                "\"http://a,http://b\"",
                "\" http://a , http://b, \"",
                "{ 0 = \"http://a\", 1 = \"http://b\" }",
            })
    void aListMayBeTold(String list) throws Exception {
        Config complete = ServerConfig.complete(ConfigFactory.parseString("tidegate.http.allowed-origins = " + list));

        ServerSettings.from(complete);

        assertThat(complete.getStringList("tidegate.http.allowed-origins")).containsExactly("http://a", "http://b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "\"[\"", "{ a = \"http://a\" }", "\"http://a b\"", "[ 1 ]"})
    void whatIsNoListOfOriginsIsRefused(String list) {
        assertThatThrownBy(() -> settings("tidegate.http.allowed-origins = " + list))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("tidegate.http.allowed-origins");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{ chain = a.crt, key = a.key }, { pkcs12 = b.p12, password-file = pw }]",
                "\"[{ chain = a.crt, key = a.key }, { pkcs12 = b.p12, password-file = pw }]\"",
                "{ 0 { chain = a.crt, key = a.key, key-password-file = \"\" }, 1 { pkcs12 = b.p12, password-file = pw } }",
            })
    void certificatesAreAListOfSectionsAndThoseOfAllListenersUnlessItIsSaidOtherwise(String list) throws Exception {
        ServerSettings settings =
                settings("tidegate { tls.certificates = " + list + ", http.tls { certificates = [] } }");

        assertThat(settings.tcp().tls().certificates())
                .isEqualTo(settings.admin().listener().tls().certificates())
                .containsExactly(
                        new CertificateFiles.Pem(Path.of("a.crt"), Path.of("a.key"), Optional.empty()),
                        new CertificateFiles.Pkcs12(Path.of("b.p12"), Optional.of(Path.of("pw"))));
        assertThat(settings.http().tls()).isEqualTo(TlsSettings.off());
    }

    @Test
    void whatIsWrongInAnElementOfAListIsToldOnceWithItsPlace() throws Exception {
        Path file = Files.writeString(
                directory.resolve("x.conf"),
                "tidegate.tls.certificates = [\n  { chain = a.crt, key = a.key },\n  { chain = a.crt, kye = a.key }\n]\n");

        assertThatThrownBy(() -> ServerSettings.from(ServerConfig.load(file, Map.of())))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("2 settings are wrong:\n")
                .hasMessageContaining("\n  unknown setting tidegate.tls.certificates.1.kye (" + file
                        + ": 3): did you mean tidegate.tls.certificates.1.key?")
                .hasMessageContaining("\n  tidegate.tls.certificates.1.key = (nothing): allowed is the path of a file");
    }

    @Test
    void theElementsOfAListAreShownSoThatTheyCanBeReadAgain() throws Exception {
        Path file = Files.writeString(
                directory.resolve("x.conf"), "tidegate.http.tls.certificates = [{ chain = a.crt, key = a.key }]\n");

        var lines = EffectiveSettings.lines(ServerConfig.load(file, Map.of()));

        assertThat(lines)
                .contains(
                        "tidegate.http.tls.certificates.0.chain = \"a.crt\"  # " + file + ": 1",
                        "tidegate.http.tls.certificates.0.key = \"a.key\"  # " + file + ": 1",
                        "tidegate.tcp.tls.certificates = []  # default")
                .noneMatch(line -> line.startsWith("tidegate.http.tls.certificates = "));
        Path shown = Files.write(directory.resolve("shown.conf"), lines);
        assertThat(ServerSettings.from(ServerConfig.load(shown, Map.of()))
                        .http()
                        .tls()
                        .certificates())
                .containsExactly(new CertificateFiles.Pem(Path.of("a.crt"), Path.of("a.key"), Optional.empty()));
    }

    @Test
    void everySettingHasAVariable() throws Exception {
        Config config = ServerConfig.load(
                null,
                Map.of(
                        "TIDEGATE_TCP_PORT",
                        "4711",
                        "TIDEGATE_CONNECTION_MAX_LINE_BYTES",
                        "1 MiB",
                        "TIDEGATE_ADMIN_HOSTS",
                        "ops.example.org, desk",
                        "TIDEGATE_LOG_LEVEL",
                        "debug",
                        "PATH",
                        "/bin"));

        ServerSettings settings = ServerSettings.from(config);
        assertThat(settings.tcp().port()).isEqualTo(4711);
        assertThat(settings.connection().maxLineBytes()).isEqualTo(1 << 20);
        assertThat(config.getStringList("tidegate.admin.hosts")).containsExactly("ops.example.org", "desk");
    }

    @Test
    void whatIsWrongIsToldWithTheFileTheVariableOrTheOptionThatSaidIt() throws Exception {
        Path file = Files.writeString(
                directory.resolve("x.conf"), "tcp.port = 1\ntidegate.http.port = -1\ntidegate.htp.port = 1\n");
        System.setProperty("tidegate.admin.port", "none");
        ConfigFactory.invalidateCaches();
        try {
            Config config = ServerConfig.load(file, Map.of("TIDEGATE_PORT", "8989", "TIDEGATE_DRAIN_TIMEOUT", "20"));

            assertThatThrownBy(() -> ServerSettings.from(config))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("unknown setting tcp.port (" + file + ": 1): did you mean tidegate.tcp.port?")
                    .hasMessageContaining("tidegate.http.port = -1 (" + file + ": 2): allowed is")
                    .hasMessageContaining(
                            "unknown setting tidegate.htp.port (" + file + ": 3): did you mean tidegate.http.port?")
                    .hasMessageContaining("unknown environment variable TIDEGATE_PORT: did you mean TIDEGATE_TCP_PORT?")
                    .hasMessageContaining(
                            "tidegate.drain.timeout = 20 (environment variable TIDEGATE_DRAIN_TIMEOUT): 20 what?")
                    .hasMessageContaining("tidegate.admin.port = none (-Dtidegate.admin.port): allowed is");
        } finally {
            System.clearProperty("tidegate.admin.port");
            ConfigFactory.invalidateCaches();
        }
    }

    @Test
    void akkasOwnSettingsAndWhatKubernetesTellsOfServicesAreNoMistakes() throws Exception {
        Path file = Files.writeString(directory.resolve("x.conf"), "akka.loglevel = WARNING\ntidegate.tcp.port = 1\n");

        Config config = ServerConfig.load(
                file,
                Map.of(
                        "TIDEGATE_PORT",
                        "tcp://10.0.0.1:8989",
                        "TIDEGATE_SERVICE_HOST",
                        "10.0.0.1",
                        "TIDEGATE_PORT_8989_TCP_ADDR",
                        "10.0.0.1"));

        assertThat(ServerSettings.from(config).tcp().port()).isEqualTo(1);
        assertThat(config.getString("akka.loglevel")).isEqualTo("WARNING");
    }

    @Test
    void theSettingsInUseAreShownWithNumbersAndWhereTheyComeFrom() throws Exception {
        Path file = Files.writeString(directory.resolve("x.conf"), "tidegate.drain.announce = 5 s\n");

        var lines = EffectiveSettings.lines(ServerConfig.load(file, Map.of("TIDEGATE_TCP_PORT", "4711")));

        assertThat(lines)
                .contains(
                        "tidegate.drain.announce = \"5 s\"  # " + file + ": 1",
                        "tidegate.connection.max-line-bytes = 1064960  # default: auto",
                        "tidegate.drain.timeout = \"20 s\"  # default: auto",
                        "tidegate.drain.total = \"35 s\"  # default: auto",
                        "tidegate.tcp.port = \"4711\"  # environment variable TIDEGATE_TCP_PORT",
                        "tidegate.http.port = 8080  # default")
                .anyMatch(line -> line.matches("tidegate\\.connection\\.max-connections = \\d+  # default: auto"));
        assertThat(ServerConfig.complete(ConfigFactory.parseString(String.join("\n", lines)))
                        .getInt("tidegate.tcp.port"))
                .isEqualTo(4711);
    }

    @Test
    void anUnknownKeyIsRefusedWithItsOrigin() {
        assertThatThrownBy(() -> settings("tidegate.tcp.prot = 1"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("unknown setting tidegate.tcp.prot")
                .hasMessageContaining("String: 1");
    }

    @Test
    void anUnknownSystemPropertyIsRefusedToo() throws Exception {
        System.setProperty("tidegate.tcp.prot", "1");
        ConfigFactory.invalidateCaches();
        try {
            Config config = ServerConfig.load(null);

            assertThatThrownBy(() -> ServerSettings.from(config))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("unknown setting tidegate.tcp.prot");
        } finally {
            System.clearProperty("tidegate.tcp.prot");
            ConfigFactory.invalidateCaches();
        }
    }

    @Test
    void theFileIsReadAndNamedWhenItIsBad() throws Exception {
        Path good = Files.writeString(directory.resolve("good.conf"), "tidegate.tcp.port = 4711");
        Path bad = Files.writeString(directory.resolve("bad.conf"), "tidegate { tcp ");

        assertThat(ServerSettings.from(ServerConfig.load(good)).tcp().port()).isEqualTo(4711);
        assertThatThrownBy(() -> ServerConfig.load(bad))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("bad.conf");
        assertThatThrownBy(() -> ServerConfig.load(directory.resolve("missing.conf")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("missing.conf");
    }

    @Test
    void twoListenersOnOneAddressAreRefused() throws Exception {
        Config config = ServerConfig.complete(
                ConfigFactory.parseString("tidegate { tcp.port = 7000, http.port = 7000, tcp.reuse-port = on }"));

        assertThatThrownBy(() -> ServerSettings.from(config))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("tidegate.http.port = 7000");
    }

    @Test
    void everySettingHasAnExplanation() throws Exception {
        Config reference = ConfigFactory.parseResources("reference.conf").getConfig("tidegate");

        assertThat(reference.entrySet())
                .allSatisfy(entry -> assertThat(entry.getValue().origin().comments())
                        .as(entry.getKey())
                        .isNotEmpty());
    }
}
