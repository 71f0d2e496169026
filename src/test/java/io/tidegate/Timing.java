package io.tidegate;

/**
 * Bounds on how long something takes. They hold on a machine that does nothing else, and are checked there only:
 * {@code mvn verify -Ptiming}. What is counted, ordered and told is checked everywhere.
 */
public final class Timing {

    private static final boolean IS_MACHINE_QUIET = Boolean.getBoolean("timing.checked");

    private Timing() {}

    /** Checks these bounds if the machine was said to be quiet. */
    public static void onQuietMachine(Runnable bounds) {
        if (IS_MACHINE_QUIET) {
            bounds.run();
        }
    }
}
