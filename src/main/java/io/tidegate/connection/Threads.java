package io.tidegate.connection;

import java.util.concurrent.Executor;

/**
 * The threads that work for a listener's connections.
 *
 * @param dispatcher name of the dispatcher of their streams, which take what clients send
 * @param turns gives connections that were woken their turns
 */
public record Threads(String dispatcher, Executor turns) {}
