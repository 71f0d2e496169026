package io.tidegate.server;

import akka.dispatch.Dispatcher;
import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceFactory;
import akka.dispatch.ExecutorServiceFactoryProvider;
import akka.dispatch.MessageDispatcher;
import akka.dispatch.MessageDispatcherConfigurator;
import akka.dispatch.MonitorableThreadFactory;
import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import scala.jdk.javaapi.DurationConverters;

/**
 * A type of dispatcher for Akka's selectors: each has a {@link SelectorThread} of its own.
 *
 * <p>Made by Akka, which finds its name in {@code akka.conf}.
 */
final class SelectorDispatcher extends MessageDispatcherConfigurator implements ExecutorServiceFactoryProvider {

    /** Selections by one task: after each the thread does what it kept. */
    private static final int THROUGHPUT = 1;

    private final String id;
    private final Duration shutdownTimeout;

    SelectorDispatcher(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        id = config.getString("id");
        shutdownTimeout = config.getDuration("shutdown-timeout");
    }

    @Override
    public MessageDispatcher dispatcher() {
        var noDeadline = DurationConverters.toScala(Duration.ZERO);
        return new Dispatcher(this, id, THROUGHPUT, noDeadline, this, DurationConverters.toScala(shutdownTimeout));
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String dispatcher, ThreadFactory threads) {
        MonitorableThreadFactory named = named(dispatcher, threads);
        return () -> new SelectorThread(named, System::nanoTime);
    }

    /** Threads that have the dispatcher's name, as Akka's own do. */
    static MonitorableThreadFactory named(String dispatcher, ThreadFactory threads) {
        var akka = (MonitorableThreadFactory) threads;
        return akka.withName(akka.name() + "-" + dispatcher);
    }
}
