package io.tidegate;

import io.tidegate.cli.Commands;

/** Starts the command line. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(Commands.run(args));
    }
}
