package io.tidegate.cli;

/** What is still done when the process is told to end (Ctrl-C, SIGTERM) before the command is over. */
final class Interruption {

    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    /** @param task runs on a thread of its own, beside the command's; the process waits for it */
    static Interruption does(Runnable task) {
        var hook = new Thread(task, "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    /** The command is over. */
    void over() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It was told to end just now, and the task is done too.
        }
    }
}
