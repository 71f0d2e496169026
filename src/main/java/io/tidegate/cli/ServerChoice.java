package io.tidegate.cli;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which server a command is for, and by which way. */
final class ServerChoice {

    /** Where a server has its store that is started here and was told nothing else. */
    private static final String STORE_SETTING = "tidegate.store.directory";

    private static final String STORE_VARIABLE = "TIDEGATE_STORE_DIRECTORY";

    /** As {@code reference.conf} has it, which takes long to read. */
    static final String USUAL_STORE = "tidegate-data";

    /** Without either: the server on the store that one has which is started here, or the only one of this user on this machine. */
    private static final class Which {
        @Option(
                names = "--pid",
                paramLabel = "PID",
                description = "Which server on this machine, if there are several.")
        private @Nullable Long pid;

        @Option(
                names = "--admin",
                paramLabel = "URL",
                description = "A server here or elsewhere, by its admin listener: http://127.0.0.1:8990.")
        private @Nullable String admin;

        @Option(
                names = "--store",
                paramLabel = "DIR",
                description = "A server on this machine, by its store's directory.")
        private @Nullable Path store;
    }

    @ArgGroup
    private @Nullable Which which;

    /** Of the admin listener. */
    @Mixin
    private ServerSecurity security;

    /** By its admin listener where that is known; otherwise over the attach API. */
    ServerControl open() throws CommandEnd {
        if (which == null) {
            AdminLink here = startedHere();
            return here == null ? find(null).link() : here;
        }
        return which.pid == null ? told(which) : find(which.pid).link();
    }

    /** The same for what only the admin listener does: to a process that is found otherwise, its store leads there. */
    AdminLink admin() throws CommandEnd {
        AdminLink known = which == null ? startedHere() : which.pid == null ? told(which) : null;
        if (known != null) {
            return known;
        }
        try (ServerLink process = find(which == null ? null : which.pid).link()) {
            return left(LeftToken.in(process.store()));
        }
    }

    private AdminLink told(Which one) throws CommandEnd {
        return one.admin == null
                ? left(LeftToken.in(requireNonNull(one.store)))
                : AdminLink.to(one.admin, security.credentials(System.getenv()));
    }

    private AdminLink left(LeftToken token) throws CommandEnd {
        return token.link(security.isOn() ? security.context() : null);
    }

    /** Null if there is none that this user may operate, or one over TLS of which nobody has said who confirms it. */
    private @Nullable AdminLink startedHere() throws CommandEnd {
        Path store =
                Path.of(System.getProperty(STORE_SETTING, System.getenv().getOrDefault(STORE_VARIABLE, USUAL_STORE)));
        LeftToken left = LeftToken.isReadable(store) ? LeftToken.ifThere(store) : null;
        return left == null || left.process().isEmpty() || (left.isEncrypted() && !security.isOn()) ? null : left(left);
    }

    private static LocalServer find(@Nullable Long pid) throws CommandEnd {
        try {
            List<LocalServer> processes = LocalServer.javaProcesses();
            return pid == null ? onlyServer(processes) : withPid(pid, processes);
        } catch (NoClassDefFoundError e) {
            throw CommandEnd.failed("this Java runtime cannot attach to another (it has no module jdk.attach):"
                    + " use a JDK, or --admin, or end the server with SIGTERM");
        }
    }

    private static LocalServer onlyServer(List<LocalServer> processes) throws CommandEnd {
        List<LocalServer> servers =
                processes.stream().filter(LocalServer::isServe).toList();
        if (servers.isEmpty()) {
            throw CommandEnd.failed("no server of this user runs on this machine");
        }
        if (servers.size() > 1) {
            throw CommandEnd.failed("several servers run here, choose one with --pid:"
                    + servers.stream()
                            .map(server -> "\n  " + server.pid() + "  " + server.about())
                            .collect(Collectors.joining()));
        }
        return servers.get(0);
    }

    /** Only what is known to be a JVM of this user is attached to: the signal for it would end any other program. */
    private static LocalServer withPid(long pid, List<LocalServer> processes) throws CommandEnd {
        return processes.stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .orElseThrow(() -> CommandEnd.failed(ProcessHandle.of(pid)
                        .map(process -> notAttachable(pid, process))
                        .orElse("there is no process " + pid)));
    }

    private static String notAttachable(long pid, ProcessHandle process) {
        String command = process.info().command().orElse("");
        return command.endsWith("java") || command.endsWith("java.exe")
                ? "process " + pid + " cannot be attached to (it is started so that nobody can, or is another user's):"
                        + " use --admin, or end it with SIGTERM"
                : "process " + pid + " is no Java process of this user";
    }
}
