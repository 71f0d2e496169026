package io.tidegate.journey;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The command line that starts a server, as a user would write it. */
final class ServerCommand {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path JAR = Path.of(System.getProperty("tidegate.jar", "target/tidegate.jar"));

    /**
     * A JVM that a script started in the background has inherited "ignore SIGINT", or SIGHUP, and so would its children.
     */
    private static final List<String> WITH_DEFAULT_SIGNALS = isUsable("env", "--default-signal=INT,TERM,HUP", "true")
            ? List.of("env", "--default-signal=INT,TERM,HUP")
            : List.of();

    private final int heapMebibytes;
    private final List<String> limits;
    private final Map<String, String> settings;

    private ServerCommand(int heapMebibytes, List<String> limits, Map<String, String> settings) {
        this.heapMebibytes = heapMebibytes;
        this.limits = limits;
        this.settings = settings;
    }

    /** A server with its data in this directory, on any free port. */
    static ServerCommand in(Path directory) {
        return new ServerCommand(256, List.of(), Map.of())
                .with("store.directory", directory)
                .with("tcp.port", 0)
                .with("http.port", 0)
                .with("admin.port", 0);
    }

    /** With a setting under {@code tidegate}. */
    ServerCommand with(String key, Object value) {
        var more = new TreeMap<>(settings);
        more.put(key, value.toString());
        return new ServerCommand(heapMebibytes, limits, more);
    }

    /** Followers get nothing but what the journey makes, however long its steps take on a machine that is busy. */
    ServerCommand withoutHeartbeats() {
        return with("connection.heartbeat-interval", "1 h");
    }

    ServerCommand withHeap(int mebibytes) {
        return new ServerCommand(mebibytes, limits, settings);
    }

    /** In a process that may not have more files and sockets open than this. */
    ServerCommand withDescriptors(int most) {
        return new ServerCommand(
                heapMebibytes, List.of("sh", "-c", "ulimit -n " + most + " && exec \"$@\"", "sh"), settings);
    }

    /** With a supervisor that hears on this socket. */
    ServerCommand notifying(String socket) {
        return new ServerCommand(heapMebibytes, List.of("env", "NOTIFY_SOCKET=" + socket), settings);
    }

    /** Starts it and does not wait. */
    ServerProcess start() throws IOException {
        return run("serve");
    }

    /** Runs the program with these words. */
    ServerProcess run(String... words) throws IOException {
        List<String> command = new ArrayList<>(WITH_DEFAULT_SIGNALS);
        command.addAll(limits);
        command.add(JAVA.toString());
        command.add("-Xmx" + heapMebibytes + "m");
        command.addAll(ClassData.options(JAVA, JAR));
        settings.forEach((key, value) -> command.add("-Dtidegate." + key + "=" + value));
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(words));
        return new ServerProcess(new ProcessBuilder(command).start());
    }

    private static boolean isUsable(String... command) {
        try {
            Process process = new ProcessBuilder(command).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /**
     * A free port that a server can have again after a restart: not one of those that the system gives to clients, among
     * them the journey's own, while nobody listens there.
     */
    static int stablePort(Random random) throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = 10_000 + random.nextInt(20_000);
            try {
                new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
                return port;
            } catch (IOException e) {
                // Somebody has it: the next one.
            }
        }
        throw new IOException("no free port");
    }
}
