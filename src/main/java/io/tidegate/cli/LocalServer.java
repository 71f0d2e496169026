package io.tidegate.cli;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * A Java process of this user on this machine, in which a server may run.
 *
 * @param command its main class or jar, and its arguments
 */
record LocalServer(long pid, String command) {

    private static final String SERVER = "io.tidegate:type=Server";

    /** Other commands of the tool, this one included, are the same jar. */
    private static final Pattern SERVE =
            Pattern.compile("(.*[/\\\\])?(tidegate[^/\\\\ ]*\\.jar|io\\.tidegate\\.Main) serve( .*)?");

    /** All Java processes that can be attached to. */
    static List<LocalServer> javaProcesses() {
        return VirtualMachine.list().stream().map(LocalServer::of).toList();
    }

    private static LocalServer of(VirtualMachineDescriptor process) {
        return new LocalServer(Long.parseLong(process.id()), process.displayName());
    }

    /** Whether it was started by {@code tidegate serve}; a program that embeds a server is not recognised. */
    boolean isServe() {
        return SERVE.matcher(command).matches();
    }

    /** Tells the server to drain and does not wait for it. */
    @SuppressWarnings("BanJNDI") // the address comes from a process of this user, which the kernel vouches for
    void shutdown() throws CommandEnd {
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(managementAddress()))) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            beans.invoke(new ObjectName(SERVER), "shutdown", null, null);
        } catch (InstanceNotFoundException e) {
            throw CommandEnd.failed("process " + pid + " is no tidegate server (" + command + ")");
        } catch (AttachNotSupportedException | IOException | JMException e) {
            throw CommandEnd.failed("cannot reach process " + pid + ": " + e.getMessage());
        }
    }

    /** Starts the JVM's management agent, which only this machine can reach, and detaches again. */
    private String managementAddress() throws AttachNotSupportedException, IOException {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            return machine.startLocalManagementAgent();
        } finally {
            machine.detach();
        }
    }
}
