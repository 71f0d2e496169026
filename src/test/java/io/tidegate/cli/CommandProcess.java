package io.tidegate.cli;

import io.tidegate.Main;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One command in a process of its own, which signals and closed pipes reach. */
final class CommandProcess implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Process process;

    private CommandProcess(Process process) {
        this.process = process;
    }

    static CommandProcess start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                Main.class.getName()));
        command.addAll(List.of(args));
        return new CommandProcess(new ProcessBuilder(command).start());
    }

    /** What this test has, by whatever it was started. */
    private static String classPath() {
        if (CommandProcess.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }

    void say(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    BufferedReader out() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    /** Nobody reads its output any more. */
    void closeOut() throws IOException {
        process.getInputStream().close();
    }

    void terminate() {
        process.toHandle().destroy();
    }

    /** What it wrote to its standard error until it ended. */
    String err() throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
