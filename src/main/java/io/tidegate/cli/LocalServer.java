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
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
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
    private static final String CONNECTIONS = "io.tidegate:type=Connections";

    /** Other commands of the tool, this one included, are the same jar. */
    private static final Pattern SERVE =
            Pattern.compile("(.*[/\\\\])?(tidegate[^/\\\\ ]*\\.jar|io\\.tidegate\\.Main) serve( .*)?");

    /** What is asked of a bean. */
    private interface BeanCall {
        Object on(MBeanServerConnection beans, ObjectName bean) throws JMException, IOException;
    }

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

    /** A connection to its bean, for a command that has more to say than one thing. */
    ServerLink link() throws CommandEnd {
        return reached(() -> new ServerLink(this, connect(), new ObjectName(SERVER)));
    }

    /** Its open connections. */
    CompositeData[] open() throws CommandEnd {
        return (CompositeData[]) invoke(CONNECTIONS, "list");
    }

    /** Its connections that ended last. */
    CompositeData[] ended(int most) throws CommandEnd {
        return (CompositeData[]) invoke(CONNECTIONS, "ended", int.class, most);
    }

    /** Ends one connection; false if there is no such one. */
    boolean end(EndCommand.How how, long id) throws CommandEnd {
        return (Boolean) invoke(CONNECTIONS, how.toString(), long.class, id);
    }

    /** Ends all connections of a listener and says how many. */
    int endListener(EndCommand.How how, String listener) throws CommandEnd {
        return (Integer) invoke(CONNECTIONS, how + "Listener", String.class, listener);
    }

    /** Ends all connections from an address and says how many. */
    int endRemote(EndCommand.How how, String address) throws CommandEnd {
        return (Integer) invoke(CONNECTIONS, how + "Remote", String.class, address);
    }

    private Object invoke(String bean, String operation) throws CommandEnd {
        return invoke(bean, (beans, name) -> beans.invoke(name, operation, null, null));
    }

    private Object invoke(String bean, String operation, Class<?> type, Object argument) throws CommandEnd {
        Object[] arguments = {argument};
        String[] signature = {type.getName()};
        return invoke(bean, (beans, name) -> beans.invoke(name, operation, arguments, signature));
    }

    private Object invoke(String bean, BeanCall call) throws CommandEnd {
        return reached(() -> call(bean, call));
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
            throw CommandEnd.failed("cannot reach process " + pid + ": " + e.getMessage());
        }
    }

    /** Where its clients connect, {@code host:port}; empty if it does not say. */
    public String tcpAddress() {
        try {
            return String.valueOf(call(SERVER, (beans, server) -> beans.getAttribute(server, "TcpAddress")));
        } catch (AttachNotSupportedException | IOException | JMException e) {
            return "";
        }
    }

    private Object call(String bean, BeanCall call) throws AttachNotSupportedException, IOException, JMException {
        try (JMXConnector connector = connect()) {
            return call.on(connector.getMBeanServerConnection(), new ObjectName(bean));
        }
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
