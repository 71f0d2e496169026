package io.tidegate.server;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import akka.dispatch.MonitorableThreadFactory;
import com.typesafe.config.Config;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadFactory;

/**
 * An executor for Akka's dispatchers, a fork-join pool: but what a selector's thread hands to it, that thread does itself, as long as it is
 * little.
 *
 * <p>Made by Akka, which finds its name in {@code akka.conf}.
 */
final class SelectorAwarePool extends ExecutorServiceConfigurator {

    private final int size;

    SelectorAwarePool(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        size = Dispatchers.size(config.getConfig("fork-join-executor"), "parallelism-");
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String dispatcher, ThreadFactory threads) {
        MonitorableThreadFactory named = SelectorDispatcher.named(dispatcher, threads);
        return () -> new Pool(size, named);
    }

    private static final class Pool extends ForkJoinPool {

        private final Executor threads = super::execute;

        Pool(int size, MonitorableThreadFactory threads) {
            super(size, threads, threads.exceptionHandler(), /* in the order in which it comes */ true);
        }

        @Override
        public void execute(Runnable task) {
            if (!SelectorThread.keeps(task, threads)) {
                super.execute(task);
            }
        }
    }
}
