package io.tidegate.cli.bench;

import io.tidegate.document.Collection;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What one {@code tidegate bench} did. */
record BenchRun(int exitCode, String out, String err) {

    static BenchRun of(String arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = new CommandLine(new BenchCommand())
                .registerConverter(Collection.class, Collection::new)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.split(" "));
        return new BenchRun(exitCode, out.toString(), err.toString());
    }
}
