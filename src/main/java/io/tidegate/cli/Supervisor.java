package io.tidegate.cli;

import io.tidegate.document.Addresses;
import io.tidegate.document.Reason;
import io.tidegate.document.Visible;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainReport;
import io.tidegate.drain.DrainStatus;
import io.tidegate.drain.DrainWatcher;
import io.tidegate.kernel.NotifySocket;
import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloader;
import io.tidegate.server.Tidegate;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who started the server and wants to hear how it is: systemd, for a unit of {@code Type=notify}. It is told when clients are
 * served, of each reload by a signal, and of the drain, for whose time it is asked to wait.
 *
 * <p>Where nobody wants to hear, which is said by a variable of the environment, nothing happens. Thread-safe.
 */
final class Supervisor implements DrainWatcher {

    private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

    private static final String VARIABLE = "NOTIFY_SOCKET";

    /** What is granted to the process beyond the time of a whole stop, to write its last lines and to end. */
    private static final Duration EXIT = Duration.ofSeconds(5);

    private final @Nullable NotifySocket socket;

    /** The clock of the supervisor as well: Linux's CLOCK_MONOTONIC. */
    private final LongSupplier nanoClock;

    // Guarded by this.
    private Duration total = Duration.ZERO;
    private long stopBegunNanos;

    /** For how long the stop is still announced, which may be longer than the whole stop is by the settings. */
    private Duration announced = Duration.ZERO;

    private boolean isStopping;
    private boolean isDeaf;

    private Supervisor(@Nullable NotifySocket socket, LongSupplier nanoClock) {
        this.socket = socket;
        this.nanoClock = nanoClock;
    }

    /** That of this process; nobody as a rule. */
    static Supervisor ofProcess() {
        return at(System.getenv(VARIABLE), System::nanoTime);
    }

    /** @param path of its socket; null or empty if there is none */
    static Supervisor at(@Nullable String path, LongSupplier nanoClock) {
        if (path == null || path.isEmpty()) {
            return new Supervisor(null, nanoClock);
        }
        try {
            return new Supervisor(NotifySocket.at(path), nanoClock);
        } catch (IllegalArgumentException e) {
            log.warn(
                    "{} = {} cannot be used, and who started the server is not told how it is: {}",
                    VARIABLE,
                    path,
                    e.getMessage());
            return new Supervisor(null, nanoClock);
        }
    }

    /** Clients are served from now on. */
    void serves(Tidegate server) {
        serves(
                server.settings().drain().total(),
                "serves clients on " + Addresses.shown(server.tcpAddress()) + " (tcp) and "
                        + Addresses.shown(server.httpAddress()) + " (http)");
        server.watch(this);
        // Somebody may have had it stop before it was watched.
        DrainStatus status = server.drainStatus();
        if (status.phase() != DrainPhase.RUNNING) {
            phaseChanged(status);
        }
    }

    /** @param stop the most time that a whole stop takes */
    synchronized void serves(Duration stop, String status) {
        total = stop;
        tell("READY=1", status(status));
    }

    /** Files are being read anew. */
    synchronized void reloads() {
        tell("RELOADING=1", "MONOTONIC_USEC=" + nanoClock.getAsLong() / 1000, status("reads its files anew"));
    }

    /** @param outcomes what came of it; null if that is not known */
    synchronized void reloaded(@Nullable List<Reloader.Outcome> outcomes) {
        tell("READY=1", status(outcomes == null ? "the reload failed, see the log" : shown(outcomes)));
    }

    private static String shown(List<Reloader.Outcome> outcomes) {
        String changed = outcomes.stream()
                .filter(each -> each.reload().result() != Reload.Result.UNCHANGED)
                .map(each -> each.what() + " " + each.reload().result().code() + ": "
                        + each.reload().line())
                .collect(Collectors.joining("; "));
        return changed.isEmpty() ? "reloaded: nothing has changed" : changed;
    }

    @Override
    public synchronized void phaseChanged(DrainStatus status) {
        if (status.phase() == DrainPhase.RUNNING) {
            isStopping = false;
            tell(status("runs on: the stop was cancelled"));
            return;
        }
        progressed(status);
    }

    @Override
    public synchronized void progressed(DrainStatus status) {
        // However long it was announced: the rest has its whole time from then on.
        announced = status.announced();
        if (!isStopping) {
            isStopping = status.phase() != DrainPhase.ANNOUNCING;
            stopBegunNanos = nanoClock.getAsLong();
        }
        if (status.cancellable()) {
            // It may yet run on, and for systemd what stops is stopped.
            tell(patience(), status(status.toString()));
        } else {
            tell("STOPPING=1", patience(), status(status.toString()));
        }
    }

    @Override
    public synchronized void reported(DrainReport report) {
        tell("STOPPING=1", patience(), status(report.toString()));
    }

    /** For how long it is to be waited before the process is killed; systemd waits no shorter than it was set to. */
    private String patience() {
        Duration left = announced.plus(total).plus(EXIT).minusNanos(nanoClock.getAsLong() - stopBegunNanos);
        return "EXTEND_TIMEOUT_USEC=" + Math.max(left.toNanos(), EXIT.toNanos()) / 1000;
    }

    private static String status(String text) {
        return "STATUS=" + Visible.of(text);
    }

    /** What is lost is told again a second later, as long as a drain lasts. */
    private void tell(String... assignments) {
        if (socket == null) {
            return;
        }
        try {
            socket.send(String.join("\n", assignments));
            isDeaf = false;
        } catch (RuntimeException | LinkageError e) {
            if (!isDeaf) {
                log.warn("Who started the server cannot be told how it is ({}): {}", VARIABLE, Reason.of(e));
            }
            isDeaf = true;
        }
    }
}
