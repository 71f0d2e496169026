package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** Signals to other processes. */
public final class Signals {

    private Signals() {}

    /** Sends one by its name; {@code STOP} freezes a process, its sockets stay open, and {@code CONT} thaws it. */
    public static void send(String signal, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
            assertThat(kill.waitFor()).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
