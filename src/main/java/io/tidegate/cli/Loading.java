package io.tidegate.cli;

import io.tidegate.cli.InFlight.Trouble;
import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts the lines of a file into a collection, many at a time.
 *
 * <pre>
 *  file ─► this thread: key, put ─► socket ─► server ─► socket ─► answers thread
 *               └──────────────► in flight ◄──────────────────────────┘
 * </pre>
 */
final class Loading {

    private final LineClient client;
    private final KeyPath keyPath;
    private final InFlight inFlight;
    private final ProgressBar progress;
    private final byte[] putWords;

    private long lineNumber;
    private long bytesRead;

    Loading(LineClient client, Collection collection, KeyPath keyPath, InFlight inFlight, ProgressBar progress) {
        this.client = client;
        this.keyPath = keyPath;
        this.inFlight = inFlight;
        this.progress = progress;
        this.putWords = ("put " + collection + " ").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Loads all lines after the first {@code skip}, and waits for the answers.
     *
     * @return null if all are durable
     * @throws IOException if the file cannot be read
     */
    @Nullable
    Trouble run(LineReader file, long skip) throws IOException, InterruptedException {
        startAnswers();
        Trouble local = null;
        while (local == null && next(file)) {
            lineNumber++;
            bytesRead += file.end() - file.from();
            if (lineNumber > skip) {
                if (!awaitRoom()) {
                    break;
                }
                local = put(file);
                progress.at(bytesRead, lineNumber);
            }
        }
        flush();
        inFlight.awaitAnswers();
        progress.clear();
        return inFlight.trouble() == null ? local : inFlight.trouble();
    }

    private boolean next(LineReader file) throws IOException {
        if (file.nextBuffered()) {
            return true;
        }
        // A pipe may let us wait for the next line: the server should not wait for this one.
        flush();
        return file.next() || file.rest();
    }

    private boolean awaitRoom() throws InterruptedException {
        if (inFlight.isFull()) {
            flush();
        }
        return inFlight.awaitRoom();
    }

    private @Nullable Trouble put(LineReader file) {
        byte[] bytes = file.bytes();
        int from = file.from();
        int to = withoutSpace(bytes, from, file.to());
        if (from == to) {
            return null;
        }
        try {
            send(keyPath.keyOf(bytes, from, to), bytes, from, to);
            return null;
        } catch (IllegalArgumentException e) {
            return new Trouble(lineNumber, String.valueOf(e.getMessage()));
        }
    }

    /** The CR of a file with CRLF, and a line that is blank. */
    private static int withoutSpace(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && (bytes[end - 1] == '\r' || bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
            end--;
        }
        return end;
    }

    private void send(Key key, byte[] bytes, int from, int to) {
        inFlight.sent(lineNumber);
        try {
            OutputStream requests = client.requests();
            requests.write(putWords);
            requests.write(key.word().getBytes(StandardCharsets.UTF_8));
            requests.write(' ');
            requests.write(bytes, from, to - from);
            requests.write('\n');
        } catch (IOException e) {
            // The thread that reads comes to the connection's end too, and first to the answers before it.
        }
    }

    private void flush() {
        try {
            client.requests().flush();
        } catch (IOException e) {
            // As above.
        }
    }

    // ---- the thread that reads answers

    private void startAnswers() {
        var answers = new Thread(this::readAnswers, "answers");
        answers.setDaemon(true);
        answers.start();
    }

    private void readAnswers() {
        try {
            while (awaitAnswer()) {
                take(Event.of(client.lines()));
            }
            inFlight.lost("the server closed it");
        } catch (IOException e) {
            inFlight.lost(String.valueOf(e.getMessage()));
        }
    }

    private void take(Event event) throws ProtocolException {
        if (event.is("goodbye")) {
            inFlight.lost("the server said goodbye: " + event.text("reason"));
        } else if (inFlight.isEmpty()) {
            throw new ProtocolException("an answer came without a request");
        } else if (event.is("accepted")) {
            inFlight.accepted(event.seq());
        } else {
            inFlight.refused(event.text("message"));
        }
    }

    /** Without a question no answer is due: the input may be a pipe that is slow. */
    private boolean awaitAnswer() throws IOException {
        boolean overdue = false;
        while (true) {
            try {
                return client.lines().next();
            } catch (SocketTimeoutException e) {
                if (overdue) {
                    throw new InterruptedIOException("the server does not answer");
                }
                // The question may have been sent just now, so it gets as long again.
                overdue = !inFlight.isEmpty();
            }
        }
    }
}
