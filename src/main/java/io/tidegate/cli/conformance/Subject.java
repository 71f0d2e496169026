package io.tidegate.cli.conformance;

import io.tidegate.document.Position;
import io.tidegate.document.Visible;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The program that is tried, in a process of its own, and what it says. */
final class Subject implements Closeable {

    /** What a program says that says too much; then it is held back. */
    private static final int MOST_LINES = 10_000;

    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private static final int SHOWN = 200;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(MOST_LINES);
    private final Duration patience;

    private @Nullable Report last;

    /** What a program did that it must not. */
    static final class Fault extends Exception {
        private static final long serialVersionUID = 1;

        Fault(String message) {
            super(message);
        }
    }

    Subject(List<String> command, Stage stage, Duration patience) throws IOException {
        this.patience = patience;
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of(
                        "TIDEGATE_TCP_URL", "tcp://127.0.0.1:" + stage.tcpPort(),
                        "TIDEGATE_HTTP_URL", "http://127.0.0.1:" + stage.httpPort(),
                        "TIDEGATE_SELECTION", Stage.COLLECTION));
        process = builder.start();
        var thread = new Thread(this::listen, "subject");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            while (line != null) {
                lines.put(line);
                line = out.readLine();
            }
        } catch (IOException e) {
            // It is being ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until it has what the server has, and checks what it said on the way.
     *
     * @throws Fault if it said what never was, went back, or does not come there in time
     */
    void requireCaughtUp(Truth truth, Position head) throws Fault, InterruptedException {
        long giveUpAt = System.nanoTime() + patience.toNanos();
        while (last == null
                || !truth.isOfNow(last.position())
                || last.position().seq() < head.seq()) {
            String line = lines.poll(giveUpAt - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new Fault(
                        process.isAlive()
                                ? "it did not get to " + head + " within " + patience.toSeconds() + " s; it is "
                                        + (last == null ? "nowhere" : "at " + last.position())
                                : "it has ended, with exit code " + process.exitValue());
            }
            take(line, truth);
        }
    }

    private void take(String line, Truth truth) throws Fault {
        Report report = parsed(line);
        Map<String, Object> there = truth.at(report.position());
        if (there == null) {
            throw new Fault("it says that it is at " + report.position() + ", where the server has never been");
        }
        if (last != null
                && (truth.areOfOneStore(last.position(), report.position())
                        ? report.position().seq() < last.position().seq()
                        : truth.isOfNow(last.position()))) {
            throw new Fault("it went back, from " + last.position() + " to " + report.position());
        }
        if (!there.equals(report.documents())) {
            throw new Fault("at " + report.position() + " it has " + shown(report.documents()) + ", and the server had "
                    + shown(there));
        }
        last = report;
    }

    private static Report parsed(String line) throws Fault {
        try {
            return Report.parse(line);
        } catch (IllegalArgumentException e) {
            throw new Fault("it printed what is no report, since " + e.getMessage() + ": " + shown(line));
        }
    }

    private static String shown(Object any) {
        String text = Visible.of(any.toString());
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    /** Ends it at once. */
    void kill() {
        process.destroyForcibly();
    }

    /** Closes its standard input, which tells it to end; what does not is ended. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
