package io.tidegate.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between clients and a server, and cuts each connection after so many bytes as come to its mind; by FIN or by RST. */
final class CuttingProxy implements Closeable {

    private static final int PIECE = 4096;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int server;
    private final Random random;
    private final int mostBytes;
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean isQuiet;

    /** @param mostBytes that a connection lets through */
    CuttingProxy(int server, Random random, int mostBytes) throws IOException {
        this.server = server;
        this.random = random;
        this.mostBytes = mostBytes;
        start(this::accept);
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "cutting proxy");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    int cuts() {
        return cuts.get();
    }

    /** Cuts no connection any more that comes from now on. */
    void beQuiet() {
        isQuiet = true;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                start(() -> pass(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void pass(Socket client) {
        int bytes;
        boolean byReset;
        synchronized (random) {
            bytes = isQuiet ? Integer.MAX_VALUE : 1 + random.nextInt(mostBytes);
            byReset = random.nextBoolean();
        }
        try (client;
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server)) {
            start(() -> copy(client, socket, Integer.MAX_VALUE));
            copy(socket, client, bytes);
            cuts.incrementAndGet();
            if (byReset) {
                client.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // One of them has gone.
        }
    }

    private static void copy(Socket from, Socket to, int most) {
        byte[] piece = new byte[PIECE];
        int left = most;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int count = in.read(piece, 0, Math.min(PIECE, left));
            while (count > 0) {
                out.write(piece, 0, count);
                left -= count;
                count = in.read(piece, 0, Math.min(PIECE, left));
            }
        } catch (IOException e) {
            // As above.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
