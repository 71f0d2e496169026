package io.tidegate.reload;

import io.tidegate.document.Reason;
import io.tidegate.reload.Reload.Result;
import io.tidegate.reload.Reloadable.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has everything read anew that may have changed: every now and then, and when somebody asks.
 *
 * <p>It reads one after the other, and never twice at once: who asks while it reads has it read once more afterwards.
 */
public final class Reloader {

    private static final Logger log = LoggerFactory.getLogger(Reloader.class);

    /** What came of one of those that were read. */
    public record Outcome(String what, Reload reload) {}

    /**
     * How often something was read anew since the start.
     *
     * @param result one of those that change something, or should have
     */
    public record Count(String what, Result result, long times) {}

    private record Counted(String what, Result result) {}

    private final List<Reloadable> parts = new CopyOnWriteArrayList<>();
    private final Executor blocking;
    private final Map<Counted, AtomicLong> counts = new ConcurrentHashMap<>();

    /** The last of those that read or wait to read. Guarded by this. */
    private CompletableFuture<?> last = CompletableFuture.completedFuture(List.of());

    /** @param blocking where files are read */
    public Reloader(List<? extends Reloadable> parts, Executor blocking) {
        this.blocking = blocking;
        parts.forEach(this::add);
    }

    /** Has that read anew as well, behind all others. */
    public void add(Reloadable part) {
        count(part.what(), Result.RELOADED);
        count(part.what(), Result.REFUSED);
        parts.add(part);
    }

    /** How often that was. */
    private AtomicLong count(String what, Result result) {
        return counts.computeIfAbsent(new Counted(what, result), each -> new AtomicLong());
    }

    /** Looks whether something has changed; to be called every now and then. Does nothing while the last look lasts. */
    public synchronized void poll() {
        if (last.isDone()) {
            last = last.handleAsync((before, failure) -> read(Trigger.INTERVAL), blocking);
        }
    }

    /**
     * Reads everything anew that has changed.
     *
     * @param reason names the trigger in the log
     */
    public synchronized CompletionStage<List<Outcome>> reload(String reason) {
        CompletableFuture<List<Outcome>> reload = last.handleAsync(
                (before, failure) -> {
                    List<Outcome> outcomes = read(Trigger.HAND);
                    if (outcomes.stream().allMatch(each -> each.reload().result() == Result.UNCHANGED)) {
                        log.info("Reload by {}: nothing has changed", reason);
                    }
                    return outcomes;
                },
                blocking);
        last = reload;
        return reload;
    }

    private List<Outcome> read(Trigger trigger) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Reloadable part : parts) {
            var outcome = new Outcome(part.what(), read(part, trigger));
            tell(outcome);
            outcomes.add(outcome);
        }
        return List.copyOf(outcomes);
    }

    private static Reload read(Reloadable part, Trigger trigger) {
        try {
            return part.reload(trigger);
        } catch (RuntimeException e) {
            // A bug of one must not keep the others from being read, nor this one at the next time.
            log.error("Reading the {} failed", part.what(), e);
            return Reload.refused(Reason.of(e));
        }
    }

    private void tell(Outcome outcome) {
        Reload reload = outcome.reload();
        switch (reload.result()) {
            case UNCHANGED -> {}
            case RELOADED -> log.info("Reloaded the {}: {}", outcome.what(), reload.line());
            case REFUSED ->
                log.warn("The new {} are refused, and those before stay in use: {}", outcome.what(), reload.line());
        }
        if (reload.result() != Result.UNCHANGED) {
            count(outcome.what(), reload.result()).incrementAndGet();
        }
    }

    /** How often each was read anew, and how often that was refused. */
    public List<Count> counts() {
        return counts.entrySet().stream()
                .map(each -> new Count(
                        each.getKey().what(),
                        each.getKey().result(),
                        each.getValue().get()))
                .toList();
    }
}
