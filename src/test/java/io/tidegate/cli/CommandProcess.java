package io.tidegate.cli;

import io.tidegate.Main;
import io.tidegate.OwnClassPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One command in a process of its own, which signals and closed pipes reach. */
final class CommandProcess implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Process process;

    private CommandProcess(Process process) {
        this.process = process;
    }

    static CommandProcess start(String... args) throws IOException {
        return start(List.of(), args);
    }

    /** @param jvm options of Java */
    static CommandProcess start(List<String> jvm, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                OwnClassPath.text()));
        command.addAll(jvm);
        command.add(Main.class.getName());
        command.addAll(List.of(args));
        return new CommandProcess(new ProcessBuilder(command).start());
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
