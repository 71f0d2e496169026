package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is installed beside the jar: the script that starts it, and the unit of systemd. */
@EnabledOnOs(OS.LINUX)
class InstalledFilesTest {

    private static final Path SOURCES = Path.of("src", "main", "dist");

    /** Says how it was called, and makes the file of class data that it is asked for. */
    private static final String JAVA =
            """
            #!/bin/sh
            for each; do
                case $each in
                -Xshare:dump) dump=yes ;;
                -XX:SharedArchiveFile=*) archive=${each#*=} ;;
                esac
            done
            if [ -n "$dump" ]; then echo made >"$archive"; fi
            echo "$@"
            """;

    /** How a command ended. */
    private record End(int code, List<String> out, List<String> errors) {}

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // each test has its own
    private Path home;

    @BeforeEach
    void install() throws IOException {
        home = directory.resolve("in stalled");
        for (String each : List.of("bin/tidegate", "lib/java.sh", "lib/class-data")) {
            Path file = home.resolve(each);
            Files.createDirectories(file.getParent());
            Files.copy(SOURCES.resolve(each), file);
            executable(file);
        }
        Files.createDirectories(home.resolve("lib/classes"));
        Files.createFile(home.resolve("lib/tidegate.jar"));
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path java(String version) throws IOException {
        Path java = directory.resolve("java-" + version);
        Files.createDirectories(java.resolve("bin"));
        Files.createDirectories(java.resolve("lib/server"));
        Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(java.resolve("bin/java"), JAVA);
        executable(java.resolve("bin/java"));
        return java;
    }

    private End run(Path command, Map<String, String> environment, String... words) throws Exception {
        var process = new ProcessBuilder(
                Stream.concat(Stream.of(command.toString()), Stream.of(words)).toList());
        process.environment().remove("JAVA_OPTS");
        process.environment().put("HOME", directory.toString());
        process.environment().putAll(environment);
        Process running = process.start();
        var out = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var errors = new String(running.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new End(running.waitFor(), out.lines().toList(), errors.lines().toList());
    }

    @Test
    void aServerIsStartedByTheJavaThatIsNamedWithTheOptionsThatAreGiven() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("tidegate"), home.resolve("bin/tidegate"));

        End end = run(
                link,
                Map.of("JAVA_HOME", java("21.0.1").toString(), "JAVA_OPTS", "-Xmx1g -Dx=*"),
                "serve",
                "--config",
                "a file");

        assertThat(end.errors()).isEmpty();
        assertThat(end.out())
                .containsExactly("-Djava.library.path=" + home + "/lib/native -Djna.boot.library.path=" + home
                        + "/lib/native -XX:InitialRAMPercentage=0.1 -XX:G1PeriodicGCInterval=60000 -Xmx1g -Dx=* -jar "
                        + home
                        + "/lib/tidegate.jar serve --config a file");
    }

    @Test
    void classDataAreMadeOnceForAJava() throws Exception {
        Path java = java("17.0.9");
        Files.createFile(java.resolve("lib/modules"));
        Files.createFile(java.resolve("lib/server/libjvm.so"));
        Map<String, String> environment = Map.of("JAVA_HOME", java.toString());

        End first = run(home.resolve("bin/tidegate"), environment, "serve");
        End second = run(home.resolve("bin/tidegate"), environment, "serve");
        Files.writeString(java.resolve("lib/modules"), "another Java");
        End third = run(home.resolve("bin/tidegate"), environment, "serve");

        String option = "-XX:SharedArchiveFile=" + home + "/lib/classes/tidegate-";
        assertThat(first.errors()).singleElement().asString().contains("makes its class data");
        assertThat(first.out()).singleElement().asString().startsWith(option);
        assertThat(second).isEqualTo(new End(0, first.out(), List.of()));
        assertThat(third.errors()).hasSize(1);
        assertThat(third.out()).isNotEqualTo(first.out());
        try (Stream<Path> files = Files.list(home.resolve("lib/classes"))) {
            assertThat(files).as("those of the Java before are gone").hasSize(1);
        }
    }

    @Test
    void aJavaThatIsTooOldIsRefusedInOneLine() throws Exception {
        End end = run(
                home.resolve("bin/tidegate"), Map.of("JAVA_HOME", java("11.0.2").toString()), "serve");

        assertThat(end.code()).isEqualTo(1);
        assertThat(end.errors())
                .containsExactly(
                        "tidegate: JAVA_HOME is " + directory + "/java-11.0.2, and there is no Java 17 or newer");
    }

    @Test
    void theUnitWaitsForLongerThanAStopTakesAndIsToldByTheServer() throws Exception {
        String unit = Files.readString(SOURCES.resolve("systemd/tidegate.service"));
        String settings = Files.readString(SOURCES.resolve("etc/tidegate.conf"));
        String build = Files.readString(Path.of("pom.xml"));

        assertThat(unit)
                .contains("Type=notify\n", "ExecReload=/bin/kill -HUP $MAINPID\n", "TimeoutStopSec=@drain.stop@\n");
        assertThat(settings).contains("drain.total = @drain.total@ s");
        assertThat(number(build, "dist.drain.stop")).isGreaterThan(number(build, "dist.drain.total"));
    }

    private static int number(String build, String property) {
        Matcher matcher =
                Pattern.compile("<" + Pattern.quote(property) + ">(\\d+)<").matcher(build);
        assertThat(matcher.find()).as(property).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
