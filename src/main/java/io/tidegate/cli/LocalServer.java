package io.tidegate.cli;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * A Java process of this user on this machine, in which a server may run.
 *
 * @param command its main class or jar, and its arguments
 */
public record LocalServer(long pid, String command) {

    static final String SERVER = "io.tidegate:type=Server";

    /** Other commands of the tool, this one included, are the same jar. */
    private static final Pattern SERVE =
            Pattern.compile("(.*[/\\\\])?(tidegate[^/\\\\ ]*\\.jar|io\\.tidegate\\.Main) serve( .*)?");

    /** More than a JVM takes to be ready to be attached to. */
    private static final Duration START = Duration.ofSeconds(1);

    /** What has to get through to the process. */
    interface RemoteCall<T> {
        T call() throws AttachNotSupportedException, JMException, IOException;
    }

    /** All Java processes that can be attached to. */
    public static List<LocalServer> javaProcesses() {
        return VirtualMachine.list().stream().map(LocalServer::of).toList();
    }

    private static LocalServer of(VirtualMachineDescriptor process) {
        return new LocalServer(Long.parseLong(process.id()), process.displayName());
    }

    /** Whether it was started by {@code tidegate serve}; a program that embeds a server is not recognised. */
    public boolean isServe() {
        return SERVE.matcher(command).matches();
    }

    /** A connection to its beans. */
    ServerLink link() throws CommandEnd {
        return reached(() -> new ServerLink(this, connect()));
    }

    /** Does what has to get through to the process, and says in one line what was in the way. */
    <T> T reached(RemoteCall<T> call) throws CommandEnd {
        try {
            return call.call();
        } catch (InstanceNotFoundException e) {
            throw CommandEnd.failed("process " + pid + " is no tidegate server (" + command + ")");
        } catch (RuntimeMBeanException e) {
            throw CommandEnd.failed(String.valueOf(e.getTargetException().getMessage()));
        } catch (AttachNotSupportedException | IOException | JMException e) {
            throw CommandEnd.failed("cannot reach process " + pid + ": " + Reason.of(e));
        }
    }

    /** Where its clients connect, {@code host:port}; empty if it does not say. */
    public String tcpAddress() {
        try (JMXConnector connector = connect()) {
            return String.valueOf(
                    connector.getMBeanServerConnection().getAttribute(new ObjectName(SERVER), "TcpAddress"));
        } catch (AttachNotSupportedException | IOException | JMException e) {
            return "";
        }
    }

    /** Where it listens and where its store is, for who has to choose one; its command if it does not say. */
    String about() {
        if (!isUp()) {
            return command + " (starting)";
        }
        try (JMXConnector connector = connect()) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            var bean = new ObjectName(SERVER);
            return beans.getAttribute(bean, "TcpAddress") + ", http " + beans.getAttribute(bean, "HttpAddress")
                    + ", admin " + beans.getAttribute(bean, "AdminAddress") + ", store "
                    + beans.getAttribute(bean, "StoreDirectory");
        } catch (AttachNotSupportedException | IOException | JMException e) {
            return command;
        }
    }

    /** Whether it can be asked: the signal by which a JVM is attached to ends one that is only just starting. */
    boolean isUp() {
        return ProcessHandle.of(pid)
                .flatMap(handle -> handle.info().startInstant())
                .map(start -> start.isBefore(Instant.now().minus(START)))
                .orElse(false);
    }

    @SuppressWarnings("BanJNDI") // the address comes from a process of this user, which the kernel vouches for
    JMXConnector connect() throws AttachNotSupportedException, IOException {
        return JMXConnectorFactory.connect(new JMXServiceURL(managementAddress()));
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
