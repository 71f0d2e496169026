package io.tidegate.cli;

import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import java.nio.charset.Charset;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The tool as a whole: all commands, and how each of them ends. */
public final class Commands {

    private Commands() {}

    /** Runs one command on the streams of this process and returns its exit code. */
    public static int run(String... args) {
        return run(Streams.ofProcess(), args);
    }

    static int run(Streams streams, String... args) {
        try {
            return commandLine(streams).execute(args);
        } catch (OutOfMemoryError e) {
            // Of what the command was doing nothing is kept, so there is memory again to say so.
            streams.notice("out of memory: give Java more of it, for example by JAVA_TOOL_OPTIONS=-Xmx1g");
            return ExitCode.FAILED;
        }
    }

    static CommandLine commandLine(Streams streams) {
        CommandLine commands = new CommandLine(new TidegateCommand(streams))
                // A key may begin with '@', which would be read as the name of a file full of arguments.
                .setExpandAtFiles(false)
                .setOut(streams.printer())
                .setErr(streams.errorPrinter())
                .setParameterExceptionHandler(Commands::misused)
                .setExecutionExceptionHandler(Commands::failed)
                .setExecutionStrategy(Commands::runLast);
        // Not in the annotation, from which every command would inherit it.
        commands.getCommandSpec().usageMessage().footer("", "tidegate COMMAND --help tells more.");
        return commands.registerConverter(Collection.class, converter(Collection::new))
                .registerConverter(Key.class, converter(Key::new))
                .registerConverter(KeyRule.class, converter(KeyRule::fields))
                .registerConverter(Position.class, converter(Position::parse));
    }

    private static <T> ITypeConverter<T> converter(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "': " + e.getMessage());
            }
        };
    }

    private static int runLast(ParseResult parsed) {
        requireReadable(parsed);
        return new CommandLine.RunLast().execute(parsed);
    }

    /** In a locale such as C the JVM replaces what it cannot decode, and a document would silently be another one. */
    private static void requireReadable(ParseResult parsed) {
        for (String arg : parsed.originalArgs()) {
            if (arg.indexOf('\uFFFD') >= 0) {
                throw new ParameterException(
                        parsed.commandSpec().commandLine(),
                        "an argument cannot be read in this locale (" + Charset.defaultCharset()
                                + "): set LC_ALL=C.UTF-8, or give the document on standard input");
            }
        }
    }

    private static int misused(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("tidegate: " + e.getMessage());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof CommandEnd end) {
            end.message().ifPresent(message -> command.getErr().println("tidegate: " + message));
            return end.exitCode();
        }
        command.getErr().println("tidegate: this is a bug, please report it:");
        // Where the commands answer: they log nothing.
        e.printStackTrace(command.getErr());
        return ExitCode.FAILED;
    }
}
