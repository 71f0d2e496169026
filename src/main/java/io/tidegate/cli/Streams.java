package io.tidegate.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The standard streams of a command: the process's own, or a test's.
 *
 * @param out not buffered: events go out in large writes of whole lines
 * @param watched whether a person sees the error stream as it is written
 */
record Streams(InputStream in, OutputStream out, PrintStream err, boolean watched) {

    @SuppressWarnings("SystemConsoleNull") // the property makes it null without a terminal in every JDK
    static Streams ofProcess() {
        // JDK 22 to 24 have another console, slow to make and there without a terminal too.
        System.setProperty("jdk.console", "java.base");
        return new Streams(System.in, new FileOutputStream(FileDescriptor.out), System.err, System.console() != null);
    }

    Output output() {
        return new Output(out);
    }

    /** For text such as the help; events do not pass through it. */
    PrintWriter printer() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    PrintWriter errorPrinter() {
        return new PrintWriter(err, true, Charset.defaultCharset());
    }

    /** Tells the user something that is not the command's result. */
    void notice(String text) {
        err.println("tidegate: " + text);
    }
}
