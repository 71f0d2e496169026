package io.tidegate.cli;

import io.tidegate.cli.conformance.ConformanceCommand;
import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Visible;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The tool as a whole: all commands, and how each of them ends. */
public final class Commands {

    static final String OUT_OF_MEMORY = "out of memory: give Java more of it, for example by JAVA_TOOL_OPTIONS=-Xmx1g";

    private static final String NO_THREAD =
            "no thread can be made: raise the limit of the user's or the container's processes"
                    + " (ulimit -u, TasksMax, pids.max)";

    private Commands() {}

    /** Runs one command on the streams of this process and returns its exit code. */
    public static int run(String... args) {
        return run(Streams.ofProcess(), args);
    }

    static int run(Streams streams, String... args) {
        // Written at the end, where it can still be told that it could not be.
        var text = new StringWriter();
        try {
            int exitCode = commandLine(streams, new PrintWriter(text), args).execute(args);
            // A command that found something wrong, as 'bench' does, has a result all the same.
            int printed = text.getBuffer().isEmpty() ? ExitCode.OK : print(text.toString(), streams);
            return exitCode == ExitCode.OK ? printed : exitCode;
        } catch (OutOfMemoryError e) {
            // Of what the command was doing nothing is kept, so there is memory again to say so.
            streams.notice(isOfThreads(e) ? NO_THREAD : OUT_OF_MEMORY);
            return ExitCode.FAILED;
        }
    }

    /** Java knows no other error for it. */
    private static boolean isOfThreads(OutOfMemoryError error) {
        return String.valueOf(error.getMessage()).contains("native thread");
    }

    private static int print(String text, Streams streams) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            streams.output().write(bytes, 0, bytes.length);
            return ExitCode.OK;
        } catch (CommandEnd end) {
            end.message().ifPresent(streams::notice);
            return end.exitCode();
        }
    }

    private static CommandLine commandLine(Streams streams, PrintWriter text, String... args) {
        CommandLine commands = new CommandLine(new TidegateCommand(streams));
        // Before the settings below, which subcommands that are there take over.
        CommandList.of(args).forEach(commands::addSubcommand);
        commands
                // A key may begin with '@', which would be read as the name of a file full of arguments.
                .setExpandAtFiles(false)
                .setOut(text)
                .setErr(streams.errorPrinter())
                .setParameterExceptionHandler(Commands::misused)
                .setExecutionExceptionHandler(Commands::failed)
                .setExecutionStrategy(Commands::runLast);
        // Not in the annotation, from which every command would inherit it.
        commands.getCommandSpec().usageMessage().footer("", "tidegate COMMAND --help tells more.");
        commands.getCommandSpec()
                .usageMessage()
                .sectionMap()
                .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> CommandList.TEXT);
        return commands.registerConverter(Collection.class, converter(Collection::new))
                .registerConverter(Key.class, converter(Key::new))
                .registerConverter(PublicationId.class, converter(PublicationId::new))
                .registerConverter(KeyRule.class, converter(KeyRule::fields))
                .registerConverter(Position.class, converter(Position::parse))
                .registerConverter(Long.class, converter(Commands::wholeNumber))
                .registerConverter(long.class, converter(Commands::wholeNumber))
                .registerConverter(Integer.class, converter(Commands::smallNumber))
                .registerConverter(int.class, converter(Commands::smallNumber))
                .registerConverter(Double.class, converter(Commands::number))
                .registerConverter(double.class, converter(Commands::number));
    }

    private static long wholeNumber(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("it takes a whole number", e);
        }
    }

    private static int smallNumber(String text) {
        long number = wholeNumber(text);
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("it takes a whole number below " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("it takes a number, such as 2.5", e);
        }
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
        if (parsed.hasSubcommand() && parsed.subcommand().commandSpec().userObject() instanceof ConformanceCommand) {
            // It has a server, whose log is nobody's business there.
            ServerLog.warningsOnly();
        }
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
        command.getErr().println("tidegate: " + Misuse.of(e));
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    /** A message may have lines, and what the user or a server gave. */
    private static String visible(String message) {
        return Visible.ofLines(message);
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof CommandEnd end) {
            end.message().ifPresent(message -> command.getErr().println("tidegate: " + visible(message)));
            return end.exitCode();
        }
        command.getErr().println("tidegate: this is a bug, please report it:");
        // Where the commands answer: they log nothing.
        e.printStackTrace(command.getErr());
        return ExitCode.FAILED;
    }
}
