package io.tidegate;

import io.tidegate.cli.Commands;

/** Starts the command line. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        // The exit code is the command's answer, and nothing that a library left running may hold it back.
        System.exit(Commands.run(args));
    }
}
