package io.tidegate.journey;

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

/** Stands between clients and a server. On demand it cuts connections, each behind some byte of what the server sends, or mutes them. */
final class FaultProxy implements AutoCloseable {

    /** Behind the head of a response, about, what is cut is a stream; before, it is an answer. */
    private static final int HEAD_BYTES = 400;

    private static final int MOST_BYTES = 6_000;

    private final InetSocketAddress server;
    private final Random random;
    private final ServerSocket listener;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    /** Those that hear nothing of the server any more. */
    private final Set<Socket> muted = ConcurrentHashMap.newKeySet();

    private int cuts;
    private int cutsLeft;

    private FaultProxy(InetSocketAddress server, Random random) throws IOException {
        this.server = server;
        this.random = random;
        listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    }

    /** A proxy that passes everything on, until it is told to cut. */
    static FaultProxy before(InetSocketAddress server, Random random) throws IOException {
        var proxy = new FaultProxy(server, random);
        var unused = Background.start("fault proxy", proxy::acceptAll);
        return proxy;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** From now on connections are cut, so many of them. */
    synchronized void cut(int more) {
        cutsLeft += more;
    }

    /** Cuts all that are open now. */
    void cutAll() {
        clients.forEach(FaultProxy::reset);
    }

    /** Of what the server says from now on nothing arrives by the connections that are open. What it is told arrives there. */
    void mute() {
        muted.addAll(clients);
    }

    synchronized int cuts() {
        return cuts;
    }

    /** Waits until as many were cut as it was told to. */
    synchronized void awaitCuts() throws InterruptedException {
        while (cutsLeft > 0) {
            wait();
        }
    }

    /** What comes before the cut; negative if there is to be none. */
    private synchronized int bytesBeforeCut() {
        if (cutsLeft == 0) {
            return -1;
        }
        int most = random.nextInt(4) == 0 ? HEAD_BYTES : MOST_BYTES;
        return random.nextInt(most);
    }

    /** Whether this connection is one of those to be cut. */
    private synchronized boolean takeCut() {
        if (cutsLeft == 0) {
            return false;
        }
        cutsLeft--;
        cuts++;
        notifyAll();
        return true;
    }

    private synchronized boolean byReset() {
        return random.nextBoolean();
    }

    private Void acceptAll() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            clients.add(client);
            var unused = Background.start("fault proxy's connection", () -> serve(client));
        }
        return null;
    }

    private Void serve(Socket client) throws IOException {
        try (client;
                var upstream = new Socket(server.getAddress(), server.getPort())) {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            var unused = Background.start("fault proxy's requests", () -> pass(client, upstream));
            answer(upstream.getInputStream(), client);
        } finally {
            clients.remove(client);
            muted.remove(client);
        }
        return null;
    }

    private static Void pass(Socket from, Socket to) throws IOException {
        try {
            InputStream input = from.getInputStream();
            input.transferTo(to.getOutputStream());
        } finally {
            to.close();
        }
        return null;
    }

    private void answer(InputStream input, Socket client) throws IOException {
        OutputStream output = client.getOutputStream();
        byte[] piece = new byte[16 * 1024];
        int left = bytesBeforeCut();
        for (int count = input.read(piece); count >= 0; count = input.read(piece)) {
            if (left < 0) {
                // Told to cut after this connection had begun.
                left = bytesBeforeCut();
            }
            if (left >= 0 && left <= count && takeCut()) {
                output.write(piece, 0, left);
                if (byReset()) {
                    reset(client);
                }
                return;
            }
            if (!muted.contains(client)) {
                output.write(piece, 0, count);
            }
            left = left < 0 ? left : Math.max(0, left - count);
        }
    }

    private static void reset(Socket client) {
        try {
            client.setSoLinger(true, 0);
            client.close();
        } catch (IOException e) {
            // It has ended already.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutAll();
    }
}
