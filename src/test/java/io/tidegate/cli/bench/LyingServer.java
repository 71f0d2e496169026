package io.tidegate.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongFunction;

/** A server that takes puts and sends updates as a true one does, except for what its lie makes of them. */
public final class LyingServer implements AutoCloseable {

    /** What one follower gets instead of one update. */
    public interface Lie {

        /**
         * The lines that are sent in place of an update.
         *
         * @param follower counted from 1 in the order of the connections
         * @param seq counted from 1
         */
        List<String> instead(int follower, long seq, String update);
    }

    /** Closes the follower's connection. */
    static final List<String> HANG_UP = List.of("hang up");

    /** No answer at all. */
    static final String SILENCE = "";

    private final ServerSocket listener;
    private final Lie lie;
    private final LongFunction<String> answers;
    private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();

    /** Guarded by this. */
    private final Map<Integer, Socket> followers = new TreeMap<>();

    private long seq;

    private LyingServer(Lie lie, LongFunction<String> answers) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.lie = lie;
        this.answers = answers;
    }

    /** Lies to followers. */
    public static LyingServer with(Lie lie) throws IOException {
        return start(new LyingServer(lie, LyingServer::accepted));
    }

    /** Lies to publishers. */
    static LyingServer answering(LongFunction<String> answers) throws IOException {
        return start(new LyingServer((follower, seq, update) -> List.of(update), answers));
    }

    private static LyingServer start(LyingServer server) {
        server.inBackground(server::accept);
        return server;
    }

    static String accepted(long seq) {
        return "{\"event\":\"accepted\",\"seq\":" + seq + "}";
    }

    public int port() {
        return listener.getLocalPort();
    }

    private interface Dialogue {
        void hold() throws IOException;
    }

    private void inBackground(Dialogue dialogue) {
        var thread = new Thread(
                () -> {
                    try {
                        dialogue.hold();
                    } catch (IOException e) {
                        // The client or the test has ended.
                    }
                },
                "lying server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        for (int i = 1; ; i++) {
            int number = i;
            Socket socket = listener.accept();
            sockets.add(socket);
            inBackground(() -> answer(number, socket));
        }
    }

    private void answer(int number, Socket socket) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("updates ")) {
                subscribe(number, socket);
            } else {
                accept(socket, line);
            }
        }
    }

    private synchronized void subscribe(int number, Socket socket) throws IOException {
        followers.put(number, socket);
        send(socket, List.of("{\"event\":\"subscribed\",\"epoch\":\"k7f3x2ab\",\"seq\":" + seq + "}"));
    }

    private synchronized void accept(Socket publisher, String put) throws IOException {
        String[] words = put.split(" ", 4);
        seq++;
        String update = "{\"event\":\"put\",\"seq\":" + seq + ",\"collection\":\"" + words[1] + "\",\"key\":\""
                + words[2] + "\",\"value\":" + words[3] + "}";
        for (Map.Entry<Integer, Socket> follower : followers.entrySet()) {
            send(follower.getValue(), lie.instead(follower.getKey(), seq, update));
        }
        String answer = answers.apply(seq);
        send(publisher, answer.equals(SILENCE) ? List.of() : List.of(answer));
    }

    private static void send(Socket socket, List<String> lines) throws IOException {
        if (lines.equals(HANG_UP)) {
            socket.close();
            return;
        }
        for (String line : lines) {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
