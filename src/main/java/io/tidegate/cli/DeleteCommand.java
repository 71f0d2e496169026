package io.tidegate.cli;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate delete}. */
@Command(name = "delete", description = "Delete one document and wait until that is durable.")
final class DeleteCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerAddress server;

    @Mixin
    private DocumentChoice document;

    @Override
    public Integer call() throws CommandEnd {
        String request = "delete " + document.words() + "\n";
        new Publisher(server, tidegate.streams().output()).publish(request.getBytes(StandardCharsets.UTF_8));
        return ExitCode.OK;
    }
}
