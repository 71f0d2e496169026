package io.tidegate.journey;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged server in a process of its own. Closing it kills it, if it still lives. */
final class ServerProcess implements AutoCloseable {

    /**
     * How a process ended.
     *
     * @param code its exit code
     * @param atNanos {@link System#nanoTime} of the end
     */
    record Exit(int code, long atNanos) {}

    private static final Pattern HTTP = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+) \\(http\\)");

    private static final Pattern LISTENING = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+) \\(tcp\\)");
    private static final Pattern ADMIN = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+) \\(admin\\)");

    private static final Pattern NOTEWORTHY = Pattern.compile("ERROR|WARN|^\\tat |OutOfMemory");

    private final Process process;
    private final Output log;
    private final Output errors;
    private final CompletableFuture<Exit> exit;

    ServerProcess(Process process) {
        this.process = process;
        // Whatever becomes of the journey, no server is left behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        exit = process.onExit().thenApply(ended -> new Exit(ended.exitValue(), System.nanoTime()));
        log = new Output(process.getInputStream());
        errors = new Output(process.getErrorStream());
    }

    /** What a process prints, line by line. */
    private static final class Output {

        /** More would be a flood that somebody has to look at. */
        private static final int MOST_LINES = 20_000;

        private final List<String> lines = new ArrayList<>();
        private boolean ended;
        private boolean ignored;
        private final CompletableFuture<Void> whole;

        Output(InputStream stream) {
            whole = Background.start("output", () -> readAll(stream));
        }

        private Void readAll(InputStream stream) throws IOException {
            try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    add(line);
                    awaitAttention();
                }
                return null;
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            } finally {
                end();
            }
        }

        private synchronized void add(String line) {
            if (lines.size() < MOST_LINES) {
                lines.add(line);
                notifyAll();
            }
        }

        private synchronized void awaitAttention() throws InterruptedException {
            while (ignored) {
                wait();
            }
        }

        synchronized void ignore(boolean really) {
            ignored = really;
            notifyAll();
        }

        private synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized List<String> lines() {
            return List.copyOf(lines);
        }

        /** The first line in which the pattern is found; null if the output ends or patience does. */
        synchronized Matcher await(Pattern pattern) throws InterruptedException {
            long giveUpAt = System.nanoTime() + Background.PATIENCE.toNanos();
            int looked = 0;
            while (true) {
                while (looked < lines.size()) {
                    Matcher matcher = pattern.matcher(lines.get(looked++));
                    if (matcher.find()) {
                        return matcher;
                    }
                }
                long left = (giveUpAt - System.nanoTime()) / 1_000_000;
                if (ended || left <= 0) {
                    return null;
                }
                wait(left);
            }
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits until it listens. */
    InetSocketAddress awaitAddress() throws InterruptedException {
        return awaitAddress(LISTENING);
    }

    /** Waits until its admin listener is bound. */
    InetSocketAddress awaitAdminAddress() throws InterruptedException {
        return awaitAddress(ADMIN);
    }

    /** Waits until it listens for HTTP. */
    InetSocketAddress awaitHttpAddress() throws InterruptedException {
        return awaitAddress(HTTP);
    }

    private InetSocketAddress awaitAddress(Pattern line) throws InterruptedException {
        Matcher listening = await(line);
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(listening.group(1)));
    }

    /** Waits until it has run for so long, or has ended. */
    void awaitAge(Duration age) throws InterruptedException {
        Instant then = process.info().startInstant().orElseThrow().plus(age);
        long left = Duration.between(Instant.now(), then).toMillis();
        if (left > 0) {
            boolean unused = process.waitFor(left, TimeUnit.MILLISECONDS);
        }
    }

    /** Waits for a line of the log that contains this. */
    void awaitLog(String text) throws InterruptedException {
        await(Pattern.compile(Pattern.quote(text)));
    }

    /** Waits for a line of the log in which this is found. */
    Matcher await(Pattern pattern) throws InterruptedException {
        Matcher found = log.await(pattern);
        if (found == null) {
            throw new AssertionError("the server did not log \"" + pattern + "\": " + this);
        }
        return found;
    }

    /** Somebody who looks after it by JMX. */
    Operator operator() throws Exception {
        return new Operator(process.pid());
    }

    /** Makes a trigger ready. */
    Trigger trigger(Trigger.Kind kind) throws Exception {
        return Trigger.ready(kind, process.pid());
    }

    /** Pulls a trigger. */
    long stop(Trigger.Kind kind) throws Exception {
        try (Trigger trigger = trigger(kind)) {
            return trigger.pull();
        }
    }

    /** Sends SIGKILL and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    /** Waits for its end only, not for what it has left to be read. */
    int awaitCode() throws InterruptedException {
        return Background.await(exit, "the server to exit").code();
    }

    Exit awaitExit() throws InterruptedException {
        Exit ended = Background.await(exit, "the server to exit");
        Background.await(log.whole, "the end of the log");
        Background.await(errors.whole, "the end of the errors");
        return ended;
    }

    /** Nobody reads what it logs. */
    void ignoreLog() {
        log.ignore(true);
    }

    /** It is read again. */
    void readLog() {
        log.ignore(false);
    }

    List<String> log() {
        return log.lines();
    }

    List<String> errors() {
        return errors.lines();
    }

    /** Checks that nothing was logged that calls for somebody to look, besides what is expected. */
    void requireNothingToLookAt(String... expected) {
        for (String line : log()) {
            boolean isExpected = Stream.of(expected).anyMatch(line::contains);
            if (NOTEWORTHY.matcher(line).find() && !isExpected) {
                throw new AssertionError("the log has: " + line);
            }
        }
        if (!errors().isEmpty()) {
            throw new AssertionError("on the standard error there is: " + errors());
        }
    }

    /** The most memory that the process ever had, in MiB, as Linux counts it; 0 on other systems. */
    long peakMebibytes() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return 0;
    }

    /** The processor time it has used so far. */
    Duration cpuTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    @Override
    public String toString() {
        String ended = exit.isDone() ? "exited with " + process.exitValue() : "running";
        return ended + "\n" + String.join("\n", log()) + "\n" + String.join("\n", errors());
    }

    @Override
    public void close() {
        // A browser's processes outlive it for a moment, and write into its directory, which is about to be deleted.
        List<ProcessHandle> others = process.descendants().toList();
        process.destroyForcibly();
        exit.copy().orTimeout(Background.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        for (ProcessHandle each : others) {
            each.destroyForcibly();
            each.onExit()
                    .orTimeout(Background.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
    }
}
