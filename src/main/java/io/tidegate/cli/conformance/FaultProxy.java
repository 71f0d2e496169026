package io.tidegate.cli.conformance;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** Stands between a client and a server, and does to its connections what networks do. */
public final class FaultProxy implements Closeable {

    private static final int PIECE_BYTES = 4096;

    /** Nothing is cut. */
    private static final int ALL = Integer.MAX_VALUE;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final IntSupplier server;
    private final Random random;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    // Guarded by this.
    private int mostBytes = ALL;
    private int cuts;
    private boolean isStalled;
    private boolean isDown;

    /**
     * Begins without any fault, on a free port of this machine.
     *
     * @param server its port, as it is when a client comes
     */
    public FaultProxy(IntSupplier server, Random random) throws IOException {
        this.server = server;
        this.random = random;
        start(this::accept);
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** From now on each connection is cut after so many bytes of the server at most; those that there are, now. */
    public synchronized void cutWithin(int bytes) {
        mostBytes = bytes;
        clients.forEach(FaultProxy::reset);
    }

    /** How many connections were cut so far. */
    public synchronized int cuts() {
        return cuts;
    }

    /** Whether the bytes of the server are held back. */
    synchronized void setStalled(boolean stalled) {
        isStalled = stalled;
        notifyAll();
    }

    /** Whether nobody gets through; who is connected is cut off. */
    synchronized void setDown(boolean down) {
        isDown = down;
        if (down) {
            clients.forEach(FaultProxy::reset);
        }
    }

    /** No fault any more; those who are connected begin anew. */
    public synchronized void heal() {
        mostBytes = ALL;
        isStalled = false;
        isDown = false;
        notifyAll();
        clients.forEach(FaultProxy::reset);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        int bytes;
        boolean byReset;
        clients.add(client);
        synchronized (this) {
            bytes = isDown ? 0 : mostBytes == ALL ? ALL : 1 + random.nextInt(mostBytes);
            byReset = random.nextBoolean();
        }
        try (client;
                var socket = new Socket()) {
            if (bytes == 0) {
                reset(client);
                return;
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getAsInt()));
            start(() -> copy(client, socket, ALL, false));
            if (copy(socket, client, bytes, true)) {
                synchronized (this) {
                    cuts++;
                }
                if (byReset) {
                    reset(client);
                }
            }
        } catch (IOException e) {
            // One of them has gone.
        } finally {
            clients.remove(client);
        }
    }

    private static void reset(Socket client) {
        try {
            client.setSoLinger(true, 0);
            client.close();
        } catch (IOException e) {
            // It has gone already.
        }
    }

    /** Whether the limit was the end. */
    private boolean copy(Socket from, Socket to, int most, boolean mayStall) {
        byte[] piece = new byte[PIECE_BYTES];
        int left = most;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int count = in.read(piece, 0, Math.min(PIECE_BYTES, left));
            while (count > 0) {
                if (mayStall) {
                    awaitFlow();
                }
                out.write(piece, 0, count);
                left -= most == ALL ? 0 : count;
                count = in.read(piece, 0, Math.min(PIECE_BYTES, left));
            }
            if (left > 0) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            // One of them has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return left == 0;
    }

    private synchronized void awaitFlow() throws InterruptedException {
        while (isStalled) {
            wait();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        clients.forEach(FaultProxy::reset);
    }
}
