package io.tidegate.cli;

import io.tidegate.cli.bench.BenchCommand;
import io.tidegate.cli.conformance.ConformanceCommand;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** All commands. */
final class CommandList {

    /** On one screen. */
    static final String TEXT =
            """
              serve         run a server                    put          put one document
              check-config  check its settings              delete       delete one, or a collection
              config        print all settings              load         put the documents of a file
              reload        read files anew                 sync         print the documents
              stop          stop a server                   follow       print each change
              conns         list connections                export       write the documents to a file
              end           end connections                 import       put them back
              nodes         list the nodes of a feed        collections  list collections and their sizes
              token         make and list tokens            backup       copy the store of a server that runs
              bench         measure a server                restore      put a copy in the place of a store
              conformance   try a client                    verify       read all of a store
              completion    print a script for bash         compact      write a store anew
                                                            move         to a log that many share, and back
            """;

    static final List<Class<?>> ALL = List.of(
            ServeCommand.class,
            CheckConfigCommand.class,
            ConfigCommand.class,
            ReloadCommand.class,
            StopCommand.class,
            ConnsCommand.class,
            EndCommand.class,
            NodesCommand.class,
            TokenCommand.class,
            PutCommand.class,
            DeleteCommand.class,
            LoadCommand.class,
            SyncCommand.class,
            FollowCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            CollectionsCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            VerifyCommand.class,
            CompactCommand.class,
            MoveCommand.class,
            BenchCommand.class,
            ConformanceCommand.class,
            CompletionCommand.class,
            HelpCommand.class);

    /** To describe others than that which is named takes half of the time of a short one; these show them. */
    private static final Set<String> OF_ALL = Set.of("completion", "help");

    /** These are answered without any. */
    private static final Set<String> OF_NONE = Set.of("-V", "--version");

    private CommandList() {}

    /** Those that a command line may be about: the one that it names, or all. The version is that of no command. */
    static List<Class<?>> of(String... args) {
        if (args.length == 0 || OF_ALL.contains(args[0])) {
            return ALL;
        }
        if (OF_NONE.contains(args[0])) {
            return List.of();
        }
        List<Class<?>> named =
                ALL.stream().filter(each -> name(each).equals(args[0])).toList();
        return named.isEmpty() ? ALL : named;
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }
}
