package io.tidegate.journey;

import com.sun.tools.attach.VirtualMachine;
import io.tidegate.control.ServerMXBean;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.management.JMX;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What ends a server. It is made ready beforehand, so that the moment when it is pulled is the moment that counts. */
interface Trigger extends AutoCloseable {

    /** What to pull. */
    enum Kind {
        SIGTERM,
        SIGINT,
        JMX
    }

    /**
     * Pulls it.
     *
     * @return {@link System#nanoTime} from just before
     */
    long pull() throws Exception;

    @Override
    void close();

    static Trigger ready(Kind kind, long pid) throws Exception {
        return kind == Kind.JMX ? new Operation(pid) : new Signal(kind.name().substring("SIG".length()), pid);
    }

    /** A signal from a shell that waits for one line before it sends it. */
    final class Signal implements Trigger {

        private final Process shell;

        private Signal(String signal, long pid) throws IOException {
            shell = new ProcessBuilder("sh", "-c", "read go && kill -" + signal + " " + pid).start();
        }

        @Override
        public long pull() throws IOException, InterruptedException {
            long pulledAt = System.nanoTime();
            try (var input = shell.getOutputStream()) {
                input.write('\n');
            }
            if (!shell.waitFor(Background.PATIENCE.toMillis(), TimeUnit.MILLISECONDS) || shell.exitValue() != 0) {
                throw new AssertionError("the signal could not be sent");
            }
            return pulledAt;
        }

        @Override
        public void close() {
            shell.destroyForcibly();
        }
    }

    /** The operation {@code shutdown} of the server's bean, through the attach API. */
    final class Operation implements Trigger {

        private static final String BEAN = "io.tidegate:type=Server";

        private final JMXConnector connector;
        private final ServerMXBean bean;

        @SuppressWarnings("BanJNDI") // The address comes from our own child process.
        private Operation(long pid) throws Exception {
            VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
            try {
                connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
            } finally {
                machine.detach();
            }
            bean = JMX.newMXBeanProxy(connector.getMBeanServerConnection(), new ObjectName(BEAN), ServerMXBean.class);
            // A first call, so that the one that counts is not the one that loads all the classes.
            if (!bean.getState().equals("RUNNING")) {
                throw new AssertionError("the server is " + bean.getState());
            }
        }

        @Override
        public long pull() {
            long pulledAt = System.nanoTime();
            bean.shutdown();
            return pulledAt;
        }

        @Override
        public void close() {
            try {
                connector.close();
            } catch (IOException e) {
                // The server is gone, as it was told.
            }
        }
    }
}
