package io.tidegate.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server of scripted dialogues: each connection has the next one, and is closed when that ends. */
public final class FakeServer implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;

    /** What the server does on one connection. */
    public interface Dialogue {
        void hold(Peer peer) throws IOException;
    }

    private final ServerSocket listener;
    private final CompletableFuture<Void> dialogues;

    private FakeServer(ServerSocket listener, List<Dialogue> script) {
        this.listener = listener;
        this.dialogues =
                CompletableFuture.runAsync(() -> play(script), task -> new Thread(task, "fake server").start());
    }

    public static FakeServer with(Dialogue... script) throws IOException {
        var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(TIMEOUT_MILLIS);
        return new FakeServer(listener, List.of(script));
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void play(List<Dialogue> script) {
        try (listener) {
            for (Dialogue dialogue : script) {
                hold(dialogue);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hold(Dialogue dialogue) throws IOException {
        try (Socket socket = listener.accept()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            dialogue.hold(new Peer(socket));
        }
    }

    /** Waits until all dialogues were held, and fails if one of them did. */
    @Override
    public void close() throws IOException {
        try (listener) {
            dialogues.orTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).join();
        }
    }

    /** The client's side of a dialogue. */
    public static final class Peer {

        private final Socket socket;
        private final BufferedReader in;
        private final OutputStream out;

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            this.out = socket.getOutputStream();
        }

        /** The client's next line. */
        public String hear() throws IOException {
            return String.valueOf(in.readLine());
        }

        public void expect(String line) throws IOException {
            String heard = hear();
            if (!heard.equals(line)) {
                throw new IOException("expected <" + line + "> but heard <" + heard + ">");
            }
        }

        public void expectNothingYet() throws IOException {
            if (in.ready()) {
                throw new IOException("did not expect <" + hear() + ">");
            }
        }

        public void say(String... lines) throws IOException {
            sayUnfinished(String.join("\n", lines) + "\n");
        }

        public void sayUnfinished(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        /** Waits until the client has gone. */
        public void expectEnd() throws IOException {
            expect("null");
        }

        /** As {@link #expectEnd}, where the client may also be cut off. */
        public void awaitGone() {
            try {
                while (in.readLine() != null) {
                    // What it still says does not matter.
                }
            } catch (IOException e) {
                // Reset: gone as well.
            }
        }

        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
        }
    }
}
