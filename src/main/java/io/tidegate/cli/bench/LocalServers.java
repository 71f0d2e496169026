package io.tidegate.cli.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Finds the process of a server of this user on this machine. */
final class LocalServers {

    private static final String SERVER = "io.tidegate:type=Server";

    private static final long ANSWER_SECONDS = 5;

    private static final Pattern SERVE =
            Pattern.compile("(.*[/\\\\])?(tidegate[^/\\\\ ]*\\.jar|io\\.tidegate\\.Main) serve( .*)?");

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
        return VirtualMachine.list().stream()
                .filter(process -> SERVE.matcher(process.displayName()).matches())
                .filter(process -> tcpAddress(process).endsWith(":" + port))
                .map(process -> new ServerProcess(Long.parseLong(process.id())))
                .findFirst();
    }

    @SuppressWarnings("BanJNDI") // the address comes from a process of this user, which the kernel vouches for
    private static String tcpAddress(VirtualMachineDescriptor process) {
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(managementAddress(process)))) {
            Object address = connector.getMBeanServerConnection().getAttribute(new ObjectName(SERVER), "TcpAddress");
            return String.valueOf(address);
        } catch (AttachNotSupportedException | IOException | JMException e) {
            return "";
        }
    }

    private static String managementAddress(VirtualMachineDescriptor process)
            throws AttachNotSupportedException, IOException {
        VirtualMachine machine = VirtualMachine.attach(process);
        try {
            return machine.startLocalManagementAgent();
        } finally {
            machine.detach();
        }
    }
}
