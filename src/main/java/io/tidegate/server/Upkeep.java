package io.tidegate.server;

import akka.actor.typed.ActorSystem;
import io.tidegate.access.Allowances;
import io.tidegate.access.Failures;
import io.tidegate.audit.Audit;
import io.tidegate.checkpoint.Checkpoints;
import io.tidegate.metrics.Metrics;
import io.tidegate.reload.Reloader;
import io.tidegate.tls.Certificates;
import io.tidegate.tls.Expiry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** What is looked at every now and then while the server runs, until its actor system ends, and what is counted of it. */
final class Upkeep {

    /** How long who has published too much waits at least; exact to this. */
    private static final Duration ALLOWANCES_INTERVAL = Duration.ofMillis(100);

    /** How exactly it is known that nobody reads a checkpoint any more. */
    private static final Duration CHECKPOINTS_INTERVAL = Duration.ofSeconds(10);

    private final ActorSystem<Void> system;
    private final Metrics metrics;

    Upkeep(ActorSystem<Void> system, Metrics metrics) {
        this.system = system;
        this.metrics = metrics;
    }

    /** Certificates expire, and files change, while the server runs. */
    void ofFiles(
            Reloader reloader,
            List<Certificates> certificates,
            Audit audit,
            Duration interval,
            InstantSource wallClock) {
        var expiry = new Expiry(certificates, wallClock);
        metrics.watchReloads(reloader::counts);
        metrics.watchCertificates(expiry::validities);
        expiry.look();
        every(interval, () -> {
            reloader.poll();
            expiry.look();
            audit.look();
        });
    }

    /** Who has published too much goes on after a while. */
    void ofClients(Failures failures, Allowances allowances, BooleanSupplier isDraining) {
        metrics.watchFailures(failures::counts);
        metrics.watchAllowances(allowances::counts);
        every(ALLOWANCES_INTERVAL, () -> {
            if (isDraining.getAsBoolean()) {
                // Or who waits would not learn that no change is taken any more.
                allowances.lift();
            }
            allowances.look();
        });
    }

    /** Those that nobody reads any more are deleted. */
    void ofCheckpoints(Checkpoints checkpoints, Executor blocking) {
        every(CHECKPOINTS_INTERVAL, () -> blocking.execute(checkpoints::look));
    }

    private void every(Duration interval, Runnable look) {
        system.scheduler().scheduleWithFixedDelay(interval, interval, look, system.executionContext());
    }
}
