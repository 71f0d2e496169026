package io.tidegate.journey;

import com.sun.tools.attach.VirtualMachine;
import io.tidegate.admin.ConnectionsMXBean;
import io.tidegate.admin.EndedConnection;
import io.tidegate.admin.OpenConnection;
import io.tidegate.admin.ServerMXBean;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Who looks after a server by JMX, through the attach API. */
final class Operator implements Closeable {

    private static final int EVERY_ENTRY = 1_000_000;
    private static final long LOOK_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final JMXConnector connector;
    private final ServerMXBean server;
    private final ConnectionsMXBean connections;

    /** The ledger's entries by the client's address, as of the last look. */
    private final Map<String, EndedConnection> ended = new HashMap<>();

    @SuppressWarnings("BanJNDI") // The address comes from our own child process.
    Operator(long pid) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
        try {
            connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
            machine.detach();
        }
        MBeanServerConnection beans = connector.getMBeanServerConnection();
        server = JMX.newMXBeanProxy(beans, name("Server"), ServerMXBean.class);
        connections = JMX.newMXBeanProxy(beans, name("Connections"), ConnectionsMXBean.class);
        // A first call, so that the one that counts is not the one that loads all the classes.
        if (!server.getState().equals("RUNNING")) {
            throw new AssertionError("the server is " + server.getState());
        }
    }

    private static ObjectName name(String type) throws MalformedObjectNameException {
        return new ObjectName("io.tidegate:type=" + type);
    }

    void shutDown() {
        server.shutdown();
    }

    /** Waits until no more connections than these are open, and reads the ledger. */
    void awaitOpen(int most) {
        long giveUpAt = System.nanoTime() + Background.PATIENCE.toNanos();
        while (connections.getOpen() > most) {
            if (System.nanoTime() > giveUpAt) {
                throw new AssertionError("waited in vain for " + most + " open connections");
            }
            LockSupport.parkNanos(LOOK_INTERVAL_NANOS);
        }
        for (EndedConnection entry : connections.ended(EVERY_ENTRY)) {
            ended.put(entry.getPeer(), entry);
        }
    }

    List<OpenConnection> open() {
        return connections.list();
    }

    /**
     * Checks how many ended in each way since the server's start.
     *
     * @param unsure of which it does not matter whether they completed
     */
    void requireTotals(long completed, long unsure, long aborted, long resetByPeer) {
        var totals = List.of(connections.getCompleted(), connections.getAborted(), connections.getResetByPeer());
        long more = totals.get(0) - completed;
        if (more < 0 || more > unsure || !totals.subList(1, 3).equals(List.of(aborted, resetByPeer))) {
            throw new AssertionError("completed, aborted, reset by peer are " + totals
                    + " in the ledger, but clients saw " + List.of(completed, aborted, resetByPeer) + ", and " + unsure
                    + " were cut");
        }
    }

    /** Checks that a client was shut down in good order, and sent just what it saw. */
    void requireCompleted(String client, ClientSocket socket, long updates, long lastSeq) {
        EndedConnection entry = ended.get(socket.peer());
        if (entry == null) {
            throw new AssertionError(client + " at " + socket.peer() + " is not in the ledger");
        }
        var seen = List.of("completed", "shutdown", socket.received(), 0L, updates, lastSeq);
        var noted = List.of(
                entry.getOutcome(),
                entry.getReason(),
                entry.getBytesSent(),
                entry.getBytesUnsent(),
                entry.getUpdatesSent(),
                entry.getLastSeq());
        if (!seen.equals(noted)) {
            throw new AssertionError(client + " saw " + seen + ", the ledger has " + noted);
        }
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
