package io.tidegate.drain;

import java.time.Duration;

/** What can happen to a drain. */
sealed interface DrainEvent {

    /**
     * Somebody wants the server to end.
     *
     * @param irrevocable the end cannot be cancelled: the coordinated shutdown runs already
     * @param announce how long clients are still accepted
     */
    record Begin(String reason, boolean irrevocable, Duration announce) implements DrainEvent {}

    /** Somebody wants it to go on. */
    record Cancel() implements DrainEvent {}

    /** Somebody does not want to wait. */
    record Force(String reason) implements DrainEvent {}

    /** A phase did its work, or was given up; so were those before it. */
    record Done(DrainPhase phase) implements DrainEvent {}

    /**
     * The time of a phase is over.
     *
     * @param run the drain that it was meant for: the one before may have been cancelled
     */
    record Deadline(DrainPhase phase, int run) implements DrainEvent {}
}
