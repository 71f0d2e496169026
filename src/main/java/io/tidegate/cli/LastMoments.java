package io.tidegate.cli;

import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainReport;
import io.tidegate.drain.DrainStatus;
import io.tidegate.drain.DrainWatcher;
import io.tidegate.kernel.CompilerThreads;

/**
 * The end of a process that was a server: its processors are for the clients.
 *
 * <p>The code of the end runs for the first time then, often enough to be compiled, and how well it is does not matter any more. As soon as
 * the listeners are unbound, which nothing may hold up, the optimizing compiler gets what others leave.
 */
final class LastMoments implements DrainWatcher {

    @Override
    public void phaseChanged(DrainStatus status) {
        if (status.phase() == DrainPhase.COMMITTING) {
            int unusedCount = CompilerThreads.stepBack();
        }
    }

    @Override
    public void progressed(DrainStatus status) {
        // It is done by then.
    }

    @Override
    public void reported(DrainReport report) {
        // It is done by then.
    }
}
