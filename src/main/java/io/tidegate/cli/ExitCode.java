package io.tidegate.cli;

/** What a command's exit code says. */
final class ExitCode {

    static final int OK = 0;
    /** The command could not do what it was asked for; one line on standard error says why. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** The server stopped, but connections outlived the deadline of the drain and were aborted. */
    static final int STRAGGLERS_ABORTED = 3;
    /** The server was told not to wait: as a shell reports a program that ended by SIGINT. */
    static final int FORCED = 130;

    private ExitCode() {}
}
