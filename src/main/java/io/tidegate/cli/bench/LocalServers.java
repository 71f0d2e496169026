package io.tidegate.cli.bench;

import io.tidegate.cli.LocalServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Finds the process of a server of this user on this machine. */
final class LocalServers {

    private static final long ANSWER_SECONDS = 5;

    private LocalServers() {}

    /** The process that listens on the target's port; empty if it cannot be found in a short time. */
    static Optional<ServerProcess> at(Target target) {
        // Another JVM is asked, which may not be able to answer.
        return CompletableFuture.supplyAsync(() -> find(target))
                .completeOnTimeout(Optional.empty(), ANSWER_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private static Optional<ServerProcess> find(Target target) {
        try {
            return isLocal(target) ? listeningOn(target.port()) : Optional.empty();
        } catch (NoClassDefFoundError | IOException e) {
            // A Java runtime without the module jdk.attach, or a name that cannot be resolved.
            return Optional.empty();
        }
    }

    private static boolean isLocal(Target target) throws IOException {
        InetAddress address = InetAddress.getByName(target.host());
        return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    }

    private static Optional<ServerProcess> listeningOn(int port) {
        return LocalServer.javaProcesses().stream()
                .filter(LocalServer::isServe)
                .filter(server -> server.tcpAddress().endsWith(":" + port))
                .map(server -> new ServerProcess(server.pid()))
                .findFirst();
    }
}
