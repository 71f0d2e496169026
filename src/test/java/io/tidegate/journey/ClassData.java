package io.tidegate.journey;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The class data of the packaged server, such as an installed one has, too: the journeys start it more than a hundred times, and
 * without them each start reads, checks and links the same ten thousand classes. They are made once for a jar and a Java, beside the jar.
 */
final class ClassData {

    private ClassData() {}

    /** The options of Java that use them; none for a Java that makes none. */
    static List<String> options(Path java, Path jar) throws IOException {
        Path file = jar.resolveSibling("journeys-" + Runtime.version() + "-"
                + Files.getLastModifiedTime(jar).toMillis() + ".jsa");
        if (!Files.exists(file)) {
            make(java, jar, file);
        }
        return Files.exists(file) ? List.of("-XX:SharedArchiveFile=" + file) : List.of();
    }

    /** Other processes may want it at the same time: each makes its own, and one of them stays. */
    private static void make(Path java, Path jar, Path file) throws IOException {
        Path directory = Files.createTempDirectory(file.getParent(), "class-data");
        Path made = directory.resolve("made.jsa");
        Process server = new ProcessBuilder(
                        java.toString(),
                        "-XX:ArchiveClassesAtExit=" + made,
                        "-Dtidegate.store.directory=" + directory.resolve("store"),
                        "-Dtidegate.tcp.port=0",
                        "-Dtidegate.http.port=0",
                        "-Dtidegate.admin.port=0",
                        "-jar",
                        jar.toString(),
                        "serve")
                .redirectErrorStream(true)
                .start();
        try (var log = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            boolean asked = false;
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                if (!asked && line.endsWith("(http)")) {
                    server.toHandle().destroy();
                    asked = true;
                }
            }
            if (!server.waitFor(Background.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("it does not end");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            server.destroyForcibly();
        }
        if (Files.exists(made)) {
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
