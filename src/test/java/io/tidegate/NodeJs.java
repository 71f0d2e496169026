package io.tidegate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Node.js, which runs JavaScript without a browser. */
public final class NodeJs {

    /** The oldest one that the client is for. */
    private static final int OLDEST = 18;

    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.");

    private NodeJs() {}

    /** Its program; empty where none is installed, or one that is too old. */
    public static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, "node"))
                .filter(Files::isExecutable)
                .filter(program -> version(program) >= OLDEST)
                .findFirst();
    }

    private static int version(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version").start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher matcher = VERSION.matcher(version);
            return process.waitFor(10, TimeUnit.SECONDS) && matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        } catch (IOException | InterruptedException e) {
            return 0;
        }
    }

    /** A command that runs it. */
    public static ProcessBuilder command(Path program, List<String> words) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(words);
        return new ProcessBuilder(command);
    }
}
