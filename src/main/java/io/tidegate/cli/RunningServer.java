package io.tidegate.cli;

import com.sun.tools.attach.AttachNotSupportedException;
import io.tidegate.admin.ServerMXBean;
import io.tidegate.document.Reason;
import io.tidegate.server.Predecessor;
import io.tidegate.server.ServerSettings;
import io.tidegate.server.StartException;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import org.jspecify.annotations.Nullable;

/** The server that runs on the same data as the one that is about to start, with an open line to its bean. */
final class RunningServer implements Predecessor, AutoCloseable {

    private final LocalServer process;
    private final JMXConnector connector;
    private final ServerMXBean bean;

    private RunningServer(LocalServer process, JMXConnector connector, ServerMXBean bean) {
        this.process = process;
        this.connector = connector;
        this.bean = bean;
    }

    /** Finds the one whose place a server with these settings can take. */
    static RunningServer find(ServerSettings settings) throws CommandEnd {
        if (!settings.sharesPort()) {
            throw CommandEnd.failed("a takeover needs tidegate.tcp.reuse-port = on, here and in the running server");
        }
        Path store = settings.storeDirectory();
        RunningServer server = on(store);
        if (server == null) {
            throw CommandEnd.failed("no server of this user runs here on the store " + store.toAbsolutePath()
                    + ": start without --takeover");
        }
        try {
            server.requireReady();
            return server;
        } catch (CommandEnd e) {
            server.close();
            throw e;
        }
    }

    private static @Nullable RunningServer on(Path store) throws CommandEnd {
        long self = ProcessHandle.current().pid();
        for (LocalServer process : processes()) {
            RunningServer server =
                    process.isServe() && process.pid() != self && process.isUp() ? connected(process) : null;
            if (server != null && server.isOn(store)) {
                return server;
            }
            if (server != null) {
                server.close();
            }
        }
        return null;
    }

    private static List<LocalServer> processes() throws CommandEnd {
        try {
            return LocalServer.javaProcesses();
        } catch (NoClassDefFoundError e) {
            throw CommandEnd.failed("this Java runtime cannot attach to another (it has no module jdk.attach):"
                    + " use a JDK, or stop the server and start this one without --takeover");
        }
    }

    /** Null for one that cannot be asked, such as one that is starting or has just ended. */
    private static @Nullable RunningServer connected(LocalServer process) {
        try {
            JMXConnector connector = process.connect();
            var bean = JMX.newMXBeanProxy(
                    connector.getMBeanServerConnection(), new ObjectName(LocalServer.SERVER), ServerMXBean.class);
            return new RunningServer(process, connector, bean);
        } catch (AttachNotSupportedException | IOException | JMException e) {
            return null;
        }
    }

    private boolean isOn(Path store) {
        try {
            return Files.isSameFile(Path.of(bean.getStoreDirectory()), store);
        } catch (IOException | UndeclaredThrowableException e) {
            // There is no such directory, or no such server.
            return false;
        }
    }

    private void requireReady() throws CommandEnd {
        if (!bean.isReusePort()) {
            throw CommandEnd.failed(this + " runs with tidegate.tcp.reuse-port = off, so nobody can share its port:"
                    + " stop it, and start this one without --takeover");
        }
        String state = bean.getState();
        if (!state.equals("RUNNING")) {
            throw CommandEnd.failed(this + " is " + state + " already: start without --takeover when it is gone");
        }
    }

    @Override
    public String tcpAddress() {
        return bean.getTcpAddress();
    }

    @Override
    public String httpAddress() {
        return bean.getHttpAddress();
    }

    @Override
    public void handOver() throws StartException {
        try {
            bean.handOver();
        } catch (UndeclaredThrowableException e) {
            throw new StartException("cannot reach " + this + " any more: " + Reason.of(e), e);
        }
    }

    @Override
    public String toString() {
        return "process " + process.pid();
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            // It is gone, as it was told.
        }
    }
}
