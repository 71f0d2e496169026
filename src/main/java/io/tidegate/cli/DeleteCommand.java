package io.tidegate.cli;

import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate delete}. */
@Command(name = "delete", description = "Delete one document and wait until that is durable.")
final class DeleteCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerAddress server;

    @Parameters(index = "0", paramLabel = "COLLECTION", description = "Collection of the document.")
    private Collection collection = new Collection("unset");

    @Parameters(index = "1", paramLabel = "KEY", description = "Key of the document.")
    private Key key = new Key("unset");

    @Override
    public Integer call() throws CommandEnd {
        String request = "delete " + collection + " " + key + "\n";
        new Publisher(server, tidegate.streams().output()).publish(request.getBytes(StandardCharsets.UTF_8));
        return ExitCode.OK;
    }
}
