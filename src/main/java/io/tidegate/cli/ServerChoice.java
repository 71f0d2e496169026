package io.tidegate.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which of the servers on this machine a command is for. */
final class ServerChoice {

    @Option(names = "--pid", paramLabel = "PID", description = "Which server, if there are several.")
    private @Nullable Long pid;

    LocalServer find() throws CommandEnd {
        try {
            List<LocalServer> processes = LocalServer.javaProcesses();
            return pid == null ? onlyServer(processes) : withPid(pid, processes);
        } catch (NoClassDefFoundError e) {
            throw CommandEnd.failed("this Java runtime cannot attach to another (it has no module jdk.attach):"
                    + " use a JDK, or end the server with SIGTERM");
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
                            .map(server -> "\n  " + server.pid() + "  " + server.command())
                            .collect(Collectors.joining()));
        }
        return servers.get(0);
    }

    /** Only what is known to be a JVM of this user is attached to: the signal for it would end any other program. */
    private static LocalServer withPid(long pid, List<LocalServer> processes) throws CommandEnd {
        return processes.stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .orElseThrow(() -> CommandEnd.failed("process " + pid + " is no Java process of this user"));
    }
}
