package io.tidegate.cli;

import io.tidegate.client.LineClient;
import io.tidegate.document.OwnFiles;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidegate export}. */
@Command(
        name = "export",
        description = "Write the documents as they are now to a file, for 'import'.",
        footer = {"", "FILE is replaced when all of it is there; for others it is not to be read."})
final class ExportCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerAddress server;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "Where they go, one event a line; - is standard output.")
    private Path file = FileLoad.STANDARD_INPUT;

    @Parameters(
            index = "1..*",
            paramLabel = "SELECTOR",
            description = "Only what these name: orders, orders/o-17, 'orders/eu-*' (default: all).")
    private List<String> selectors = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandEnd {
        String request = "sync" + SelectorChoice.words(selectors, spec);
        if (file.equals(FileLoad.STANDARD_INPUT)) {
            copy(request, tidegate.streams().output());
            return ExitCode.OK;
        }
        try {
            boolean isFile = !Files.exists(file) || Files.isRegularFile(file);
            // A device or a pipe stays what it is.
            String exported = isFile ? replace(request) : copyTo(file, request);
            tidegate.streams().output().line("exported " + exported + " to " + file);
        } catch (IOException e) {
            throw CommandEnd.failed("cannot write " + file + ": " + Reason.of(e));
        }
        return ExitCode.OK;
    }

    /** Half of an export, under the name of a whole one, would be taken for one. */
    private String replace(String request) throws IOException, CommandEnd {
        // Of a link, what it leads to.
        Path whole = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path directory = whole.getParent();
        Path next = Files.createTempFile(directory, whole.getFileName().toString(), ".new", OwnFiles.attributes(whole));
        Interruption interruption = Interruption.does(() -> {
            delete(next);
            tidegate.streams().notice("interrupted; " + file + " is as it was before");
        });
        try {
            String exported = copyTo(next, request);
            try (FileChannel written = FileChannel.open(next, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(next, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return exported;
        } finally {
            interruption.over();
            Files.deleteIfExists(next);
        }
    }

    private static void delete(Path unfinished) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            // Whoever looks there finds it, by a name that says what it is.
        }
    }

    /** What goes wrong there is told of the file that is named. */
    private String copyTo(Path there, String request) throws IOException, CommandEnd {
        try (OutputStream out = Files.newOutputStream(there)) {
            return copy(request, Output.toFile(out, file.toString()));
        }
    }

    private String copy(String request, Output output) throws CommandEnd {
        var snapshot = new SnapshotCopy(output);
        try (LineClient client = server.connect()) {
            client.send(request);
            snapshot.copy(client.lines());
            return snapshot.copied();
        } catch (ProtocolException e) {
            throw CommandEnd.failed(Reason.of(e));
        } catch (IOException e) {
            throw CommandEnd.failed("connection lost after " + snapshot.progress() + ": " + Reason.of(e));
        }
    }
}
