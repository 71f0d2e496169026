package io.tidegate.server;

import akka.actor.typed.DispatcherSelector;

/** The dispatchers for calls that block; see {@code akka.conf}. */
final class Dispatchers {

    static final DispatcherSelector COMMIT = DispatcherSelector.fromConfig("tidegate-dispatchers.commit");
    static final DispatcherSelector READ = DispatcherSelector.fromConfig("tidegate-dispatchers.read");

    private Dispatchers() {}
}
