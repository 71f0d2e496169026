package io.tidegate.server;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.dispatch.ThreadPoolConfig;
import akka.stream.ActorMaterializer;
import akka.stream.ActorMaterializerSettings;
import akka.stream.Materializer;
import akka.stream.SystemMaterializer;
import com.typesafe.config.Config;
import io.tidegate.connection.Threads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The dispatchers; see {@code akka.conf}. */
final class Dispatchers {

    private static final String CLIENTS = "tidegate-dispatchers.connections";

    static final DispatcherSelector COMMIT = DispatcherSelector.fromConfig("tidegate-dispatchers.commit");
    static final DispatcherSelector READ = DispatcherSelector.fromConfig("tidegate-dispatchers.read");

    /** For who proposes changes to a log that several nodes share. */
    static final DispatcherSelector PROPOSE = DispatcherSelector.fromConfig("tidegate-dispatchers.propose");

    /** For the turns of clients' connections that were woken. */
    static final DispatcherSelector TURNS = DispatcherSelector.fromConfig("tidegate-dispatchers.turns");

    /** For handshakes and signatures. */
    static final DispatcherSelector WELCOME = DispatcherSelector.fromConfig("tidegate-dispatchers.welcome");

    /** For what clients' connections read, and what follows from that; see {@link SelectorThread}. */
    static final DispatcherSelector CONNECTIONS = DispatcherSelector.fromConfig(CLIENTS);

    /** Longer than a few threads take as a rule. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Dispatchers() {}

    /**
     * Who works for clients' connections.
     *
     * @param turns gives connections that were woken their turns
     */
    static Threads forClients(ActorSystem<?> system, Executor turns) {
        return new Threads(streamsOfClients(system.classicSystem()), turns);
    }

    /**
     * Its own actor hears of each stream twice. On other threads than the streams themselves it would wake one of these each time.
     */
    @SuppressWarnings("deprecation") // Akka has no other way to say where one materializer of many has its actors.
    private static Materializer streamsOfClients(akka.actor.ActorSystem system) {
        return ActorMaterializer.create(ActorMaterializerSettings.create(system).withDispatcher(CLIENTS), system);
    }

    /** Who works for operators' connections: a list of all connections takes its time, and no client waits behind it. */
    static Threads forOperators(ActorSystem<?> system) {
        return new Threads(
                SystemMaterializer.get(system).materializer(),
                system.dispatchers().lookup(DispatcherSelector.defaultDispatcher()));
    }

    /**
     * Makes all threads but those of the selectors, which the first listener makes, and waits until they are there.
     *
     * <p>By themselves they are made when there is work for them. Where no thread can be made then, since the process or its
     * user has as many as it may, that is an error in the middle of somebody's work, to which Akka's answer is to end the
     * process.
     *
     * @param isShared whether the feed is, and something is proposed
     */
    static void startThreads(ActorSystem<?> system, boolean isShared) {
        Config akka = system.settings().config().getConfig("akka.actor");
        start(
                system,
                DispatcherSelector.defaultDispatcher(),
                size(akka.getConfig("default-dispatcher.fork-join-executor"), "parallelism-"));
        start(
                system,
                DispatcherSelector.fromConfig("akka.actor.internal-dispatcher"),
                size(akka.getConfig("internal-dispatcher.thread-pool-executor"), "core-pool-size-"));
        start(system, CONNECTIONS, size(own(system, "connections").getConfig("fork-join-executor"), "parallelism-"));
        start(system, COMMIT, poolSize(system, "commit"));
        start(system, READ, poolSize(system, "read"));
        if (isShared) {
            start(system, PROPOSE, poolSize(system, "propose"));
        }
        start(system, TURNS, corePoolSize(system, "turns"));
        start(system, WELCOME, corePoolSize(system, "welcome"));
    }

    private static int corePoolSize(ActorSystem<?> system, String dispatcher) {
        return size(own(system, dispatcher).getConfig("thread-pool-executor"), "core-pool-size-");
    }

    private static Config own(ActorSystem<?> system, String dispatcher) {
        return system.settings().config().getConfig("tidegate-dispatchers." + dispatcher);
    }

    /** How many threads a pool has on this machine, by its settings, whose names begin like this. */
    static int size(Config pool, String bound) {
        return ThreadPoolConfig.scaledPoolSize(
                pool.getInt(bound + "min"), pool.getDouble(bound + "factor"), pool.getInt(bound + "max"));
    }

    private static int poolSize(ActorSystem<?> system, String dispatcher) {
        return own(system, dispatcher).getInt("thread-pool-executor.fixed-pool-size");
    }

    /** As many tasks as threads, each of which waits until all are under way. */
    private static void start(ActorSystem<?> system, DispatcherSelector dispatcher, int threads) {
        Executor executor = system.dispatchers().lookup(dispatcher);
        var started = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            executor.execute(() -> {
                started.countDown();
                await(started);
            });
        }
        await(started);
    }

    private static void await(CountDownLatch started) {
        try {
            // Another program's executor may have fewer threads: then they are made when they are needed.
            boolean unused = started.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
