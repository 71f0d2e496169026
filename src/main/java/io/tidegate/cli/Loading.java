package io.tidegate.cli;

import io.tidegate.cli.InFlight.Trouble;
import io.tidegate.client.Event;
import io.tidegate.client.LineClient;
import io.tidegate.document.Collection;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts the documents of a file into a collection, many at a time.
 *
 * <pre>
 *  file ─► puts thread: key, put ─► socket ─► server ─► socket ─► answers thread
 *               └──────────────► in flight ◄──────────────────────────┘
 *                                    └──► the command's thread waits for the end
 * </pre>
 *
 * <p>The command's thread reads nothing itself: the file may be a pipe that is quiet when the server says goodbye.
 */
final class Loading {

    private final LineClient client;
    private final DocumentSource source;
    private final KeyRule keys;
    private final InFlight inFlight;
    private final ProgressBar progress;
    private final byte[] putWords;

    private boolean anySent;

    Loading(
            LineClient client,
            DocumentSource source,
            Collection collection,
            KeyRule keys,
            InFlight inFlight,
            ProgressBar progress) {
        this.client = client;
        this.source = source;
        this.keys = keys;
        this.inFlight = inFlight;
        this.progress = progress;
        this.putWords = ("put " + collection + " ").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Loads all after the first {@code skip}, and waits for the answers.
     *
     * @return null if all are durable
     * @throws IOException if the file cannot be read
     */
    @Nullable
    Trouble run(long skip) throws IOException, InterruptedException {
        start("answers", this::readAnswers);
        start("puts", () -> sendPuts(skip));
        Trouble trouble = inFlight.awaitEnd();
        progress.clear();
        return trouble;
    }

    private static void start(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    // ---- the thread that reads the file and sends

    private void sendPuts(long skip) {
        try {
            sendAfter(skip);
            flush();
            inFlight.sentAll();
        } catch (IllegalArgumentException e) {
            flush();
            inFlight.sentAllBefore(new Trouble(source.number(), String.valueOf(e.getMessage())));
        } catch (IOException e) {
            flush();
            inFlight.unreadable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendAfter(long skip) throws IOException, InterruptedException {
        while (next()) {
            if (source.number() > skip) {
                if (!awaitRoom()) {
                    return;
                }
                put();
                progress.at(source.bytesRead(), source.number(), source.unit());
            }
        }
    }

    private boolean next() throws IOException {
        if (source.nextBuffered()) {
            return true;
        }
        // A pipe may let us wait for the next document: the server should not wait for this one.
        flush();
        return source.next();
    }

    private boolean awaitRoom() throws InterruptedException {
        if (inFlight.isFull()) {
            flush();
        }
        return inFlight.awaitRoom();
    }

    private void put() {
        Json document = document();
        if (!anySent) {
            source.requireNoEvent();
        }
        send(keys.keyOf(document, source.number()), document);
        anySent = true;
    }

    /** A file that begins with something else than JSON is most likely another kind of file. */
    private Json document() {
        try {
            return source.document();
        } catch (IllegalArgumentException e) {
            throw anySent ? e : new IllegalArgumentException(e.getMessage() + source.look(), e);
        }
    }

    private void send(Key key, Json document) {
        inFlight.sent(source.number());
        try {
            OutputStream requests = client.requests();
            requests.write(putWords);
            requests.write(key.word().getBytes(StandardCharsets.UTF_8));
            requests.write(' ');
            document.writeTo(requests);
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

    private void readAnswers() {
        try {
            while (awaitAnswer()) {
                take(Event.of(client.lines()));
            }
            inFlight.lost("the server closed it");
        } catch (IOException e) {
            inFlight.lost(Reason.of(e));
        }
    }

    private void take(Event event) throws ProtocolException {
        if (event.is("goodbye")) {
            inFlight.lost("the server said goodbye: " + event.text("reason"));
        } else if (inFlight.isEmpty() && event.is("error")) {
            inFlight.lost(event.text("message"));
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
