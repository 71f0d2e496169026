package io.tidegate.cli;

import io.tidegate.document.Visible;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/**
 * The standard streams of a command: the process's own, or a test's.
 *
 * @param out not buffered: events go out in large writes of whole lines
 * @param watched whether a person sees the error stream as it is written
 * @param output the way to {@code out}
 */
record Streams(InputStream in, OutputStream out, PrintStream err, boolean watched, Output output) {

    /** Streams without a terminal and a process behind them. */
    Streams(InputStream in, OutputStream out, PrintStream err, boolean watched) {
        this(in, out, err, watched, new Output(out, false, () -> false));
    }

    @SuppressWarnings("SystemConsoleNull") // the property makes it null without a terminal in every JDK
    static Streams ofProcess() {
        // JDK 22 to 24 have another console, slow to make and there without a terminal too.
        System.setProperty("jdk.console", "java.base");
        boolean watched = System.console() != null;
        var out = new FileOutputStream(FileDescriptor.out);
        var output = new Output(out, watched || StandardOut.isTerminal(), StandardOut::isBroken);
        return new Streams(System.in, out, System.err, watched, output);
    }

    PrintWriter errorPrinter() {
        return new PrintWriter(err, true, Charset.defaultCharset());
    }

    /** Tells the user something that is not the command's result. */
    void notice(String text) {
        err.println("tidegate: " + Visible.of(text));
    }
}
