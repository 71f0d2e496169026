package io.tidegate.connection;

import akka.stream.Materializer;
import java.util.concurrent.Executor;

/**
 * The threads that work for a listener's connections.
 *
 * @param streams runs their streams, which take what clients send; not bound to an actor, whose crash would reset everybody
 * @param turns gives connections that were woken their turns
 */
public record Threads(Materializer streams, Executor turns) {}
