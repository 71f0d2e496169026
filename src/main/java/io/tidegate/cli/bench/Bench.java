package io.tidegate.cli.bench;

import io.tidegate.cli.bench.Workload.Count;
import io.tidegate.cli.bench.Workload.OpenLoop;
import io.tidegate.cli.bench.Workload.Time;
import io.tidegate.document.Counted;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run against one server: connects, warms up, measures, and waits for what is still on its way.
 *
 * <p>Two threads do the work; this one tells them when, and reads their counters.
 */
final class Bench implements AutoCloseable {

    private static final long TICK_MILLIS = 5;

    /** Of who follows what nobody publishes: no update is in it. */
    private static final int NO_SELECTION = -2;

    private final Target target;
    private final Target followed;
    private final Workload workload;
    private final Optional<ServerProcess> server;
    private final Patience patience;
    private final ProgressLine progress;

    private final RunClock clock = new RunClock();
    private final Mark mark;
    private final Published published;
    private final Latencies acknowledgement = new Latencies();
    private final Latencies delivery = new Latencies();
    private final Laggards laggards = new Laggards();
    private final SlowestFollower slowest;
    private final Publishers publishers;
    private final Followers followers;
    private final PeakMemory peakMemory = new PeakMemory(clock);
    private @Nullable StallTimes stallTimes;

    /** Completed by the first failure of either thread. */
    private final CompletableFuture<Void> broken = new CompletableFuture<>();

    /**
     * A run that has not begun.
     *
     * @param target where publishers connect
     * @param followed where followers connect: the same for {@link Transport.Kind#TCP}
     */
    Bench(
            Target target,
            Target followed,
            Workload workload,
            Optional<ServerProcess> server,
            Patience patience,
            ProgressLine progress)
            throws BenchFailure {
        this.target = target;
        this.followed = followed;
        this.workload = workload;
        this.server = server;
        this.patience = patience;
        this.progress = progress;
        mark = Mark.random(workload.valueBytes(), workload.publishers());
        published = new Published(workload.documents(), workload.followers(), workload.publishers());
        slowest = new SlowestFollower(workload.readers(), workload.load().window());
        publishers = new Publishers(clock, acknowledgement, workload.documents().count(), published, broken);
        followers = new Followers(clock, laggards, isShared() ? sharedProgress() : slowest, publishers::wakeup, broken);
    }

    /** Runs once. */
    Report run() throws BenchFailure, InterruptedException {
        OptionalLong residentBefore = serverUse().residentBytes();
        connect();
        Snapshot measured =
                workload.length() instanceof Count count ? measure(count) : measure((Time) workload.length());
        publishers.stop();
        followers.stop();
        return new Report(
                target,
                workload,
                measured,
                publishers.published(),
                followers.verdict().withUnanswered(unanswered()),
                acknowledgement.percentiles(),
                delivery.percentiles(),
                stallFigures(),
                server.map(process -> OptionalLong.of(process.pid())).orElse(OptionalLong.empty()),
                residentBefore,
                peakMemory.bytes());
    }

    private @Nullable StallFigures stallFigures() {
        return stallTimes == null ? null : stallTimes.figures(workload.readers(), laggards.catchUpPerSecond());
    }

    // ---- connections

    private void connect() throws BenchFailure, InterruptedException {
        long deadline = clock.nanos() + patience.connectNanos();
        int following = workload.followers() + workload.unchanging();
        for (int i = 0; i < following; i++) {
            follow(i);
            connected(i + 1, deadline);
        }
        Put put = workload.put().of(workload.documents(), mark, target.toString());
        for (int i = 0; i < workload.publishers(); i++) {
            publishers.connect(target, put, workload.load().pipeline());
            connected(following + i + 1, deadline);
        }
        followers.start();
        publishers.start();
        if (!await(() -> followers.subscribed() == following, clock.nanos() + patience.connectNanos())) {
            throw new BenchFailure("only " + followers.subscribed() + " of " + following
                    + " followers were subscribed after " + Figures.seconds(patience.connectNanos()));
        }
    }

    /** Connects a follower: first those that read all the time, then the laggards, then those that have nothing to read. */
    private void follow(int index) throws BenchFailure {
        Documents documents = workload.documents();
        int selection = index % documents.selections();
        boolean isUnchanging = index >= workload.followers();
        Transport transport = workload.transport()
                .open(
                        isUnchanging
                                ? documents.unchanged(index - workload.followers())
                                : documents.selector(selection),
                        followed.toString());
        Follower follower;
        if (isUnchanging) {
            var nothing = new OrderCheck(new AtomicLongArray(workload.publishers()));
            follower = Follower.reader(transport, mark, documents, NO_SELECTION, nothing, delivery);
        } else if (index < workload.readers()) {
            var order = new OrderCheck(published.to(selection));
            follower = Follower.reader(transport, mark, documents, selection, order, delivery);
        } else {
            follower = Follower.laggard(transport, mark, documents, new OrderCheck(published.to(selection)));
        }
        followers.connect(followed, transport, follower);
    }

    private void connected(int count, long deadline) throws BenchFailure {
        progress.show(() -> "connected " + count);
        if (clock.nanos() > deadline) {
            throw new BenchFailure(
                    "only " + count + " connections were made in " + Figures.seconds(patience.connectNanos()));
        }
    }

    // ---- the measurement

    /** Measures a piece of a load that goes on all the time. */
    private Snapshot measure(Time time) throws BenchFailure, InterruptedException {
        long start = clock.nanos();
        long from = start + workload.warmupNanos();
        long to = from + time.nanos();
        acknowledgement.measure(from, to);
        delivery.measure(from, to);
        publishers.begin(until(start, to));
        await(from, "warm-up");
        Snapshot before = snapshot();
        if (!workload.stall().isNone()) {
            stall(from + (time.nanos() - workload.stall().nanos()) / 2, to);
        }
        await(to, "measuring");
        Snapshot measured = snapshot().since(before);
        awaitArrival(to + patience.arrivalNanos());
        return measured;
    }

    /** Lets the laggards stop reading in the middle of a measurement. */
    private void stall(long from, long to) throws BenchFailure, InterruptedException {
        Snapshot start = snapshot();
        await(from, "measuring");
        laggards.stall();
        Snapshot stalled = snapshot();
        await(from + workload.stall().nanos(), "stalled");
        laggards.resume();
        Snapshot resumed = snapshot();
        await(laggards::haveCaughtUp, to, "catching up");
        Snapshot caughtUp = snapshot();
        await(to, "measuring");
        stallTimes = new StallTimes(start, stalled, resumed, caughtUp, snapshot());
    }

    /** Measures a number of updates from the first one's publication to the last one's arrival. */
    private Snapshot measure(Count count) throws BenchFailure, InterruptedException {
        if (workload.warmupNanos() > 0) {
            long end = clock.nanos() + workload.warmupNanos();
            publishers.begin(until(clock.nanos(), end));
            await(end, "warm-up");
            awaitArrival(end + patience.arrivalNanos());
        }
        Snapshot before = snapshot();
        long start = clock.nanos();
        acknowledgement.measure(start, Long.MAX_VALUE);
        delivery.measure(start, Long.MAX_VALUE);
        long last = publishers.published() + count.updates();
        publishers.begin(pace(start, last, Long.MAX_VALUE));
        long dueNanos = workload.load() instanceof OpenLoop open
                ? start + RunClock.nanosOf(count.updates() / open.perSecond())
                : Long.MAX_VALUE - patience.arrivalNanos();
        awaitArrival(dueNanos + patience.arrivalNanos());
        return snapshot().since(before);
    }

    private Pace until(long startNanos, long endNanos) {
        long last = workload.load() instanceof OpenLoop open
                ? publishers.published()
                        + (long) Math.ceil(RunClock.secondsOf(endNanos - startNanos) * open.perSecond())
                : Long.MAX_VALUE;
        return pace(startNanos, last, endNanos);
    }

    private Pace pace(long startNanos, long last, long endNanos) {
        if (workload.load() instanceof OpenLoop open) {
            return new Pace.Fixed(publishers.published(), last, startNanos, open.perSecond());
        }
        LongSupplier arrived = isShared() ? this::arrived : slowest::updates;
        if (workload.followers() == 0) {
            arrived = publishers::acknowledged;
        }
        return new Pace.Windowed(last, endNanos, workload.load().window(), arrived);
    }

    // ---- selections

    /** Whether not every follower gets every update. */
    private boolean isShared() {
        return workload.documents().by() != Documents.By.ALL;
    }

    /** Deliveries of an update at most. */
    private long sharers() {
        int selections = workload.documents().selections();
        return Math.max(1, (workload.followers() + selections - 1) / selections);
    }

    private Progress sharedProgress() {
        return new SharedProgress(workload.load().window() * sharers());
    }

    /** Updates that are accepted, less those that the deliveries would be that are on their way: nobody is the slowest. */
    private long arrived() {
        long underWay = (undelivered() + sharers() - 1) / sharers();
        return Math.min(publishers.acknowledged(), publishers.published() - underWay);
    }

    private Snapshot snapshot() {
        return new Snapshot(
                clock.nanos(),
                publishers.published(),
                publishers.acknowledged(),
                followers.passed(),
                followers.passedByReaders(),
                followers.bytes(),
                ServerProcess.ownCpuNanos(),
                serverUse());
    }

    private ServerUse serverUse() {
        return server.map(ServerProcess::use).orElse(ServerUse.UNKNOWN);
    }

    // ---- waiting

    private void await(long nanos, String what) throws BenchFailure, InterruptedException {
        await(() -> false, nanos, what);
    }

    private void await(BooleanSupplier condition, long deadline, String what)
            throws BenchFailure, InterruptedException {
        Snapshot before = snapshot();
        await(
                () -> {
                    show(what, before);
                    return condition.getAsBoolean();
                },
                deadline);
    }

    private void show(String what, Snapshot before) {
        progress.show(() -> what + ": " + rates(snapshot().since(before)));
    }

    private static String rates(Snapshot sofar) {
        return Figures.seconds(sofar.nanos()) + ", "
                + Figures.count(sofar.perSecond(sofar.published())) + " updates/s, "
                + Figures.count(sofar.perSecond(sofar.deliveries())) + " deliveries/s";
    }

    /** Waits until every update is published, acknowledged and everywhere, or nothing comes any more. */
    private void awaitArrival(long deadline) throws BenchFailure, InterruptedException {
        Snapshot before = snapshot();
        var quiet = new Quiet();
        boolean ended = await(
                () -> {
                    show("waiting for the last arrival", before);
                    return isAllThere() || quiet.isTooLong();
                },
                deadline);
        if (!ended) {
            throw new BenchFailure(Counted.of(unanswered(), "answer") + " and "
                    + Counted.of(undelivered(), "delivery", "deliveries") + " were still on their way "
                    + Figures.seconds(patience.arrivalNanos())
                    + " after the last update was to be sent: the server does not keep up with " + workload.load());
        }
    }

    private boolean isAllThere() {
        return publishers.areFinished() && unanswered() == 0 && undelivered() == 0;
    }

    private long unanswered() {
        return publishers.published() - publishers.acknowledged();
    }

    private long undelivered() {
        return published.deliveries() - followers.passed();
    }

    /** Notices when nothing arrives any more although something should. */
    private final class Quiet {

        private long seen;
        private long seenAt = clock.nanos();

        boolean isTooLong() {
            long arrived = publishers.acknowledged() + followers.passed();
            // In an open loop the next update may be due in an hour.
            boolean expected = !(workload.load() instanceof OpenLoop) || publishers.areFinished();
            if (arrived != seen || !expected) {
                seen = arrived;
                seenAt = clock.nanos();
            }
            return clock.nanos() - seenAt > patience.quietNanos();
        }
    }

    /** Waits until something is so; false if it is not by {@code deadline}. */
    private boolean await(BooleanSupplier condition, long deadline) throws BenchFailure, InterruptedException {
        while (!condition.getAsBoolean()) {
            if (clock.nanos() >= deadline) {
                return false;
            }
            tick();
        }
        return true;
    }

    private void tick() throws BenchFailure, InterruptedException {
        server.ifPresent(peakMemory::look);
        try {
            broken.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Nothing is broken.
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BenchFailure failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        publishers.close();
        followers.close();
    }
}
