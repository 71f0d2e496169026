package io.tidegate.cli;

import io.tidegate.cli.InFlight.Trouble;
import io.tidegate.client.EventLine;
import io.tidegate.client.LineClient;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sends the changes of a file, many at a time, over as many connections as it takes.
 *
 * <pre>
 *  file ─► changes thread: request ─► socket ─► server ─► socket ─► answers thread, one for each connection
 *                └─────────────────► in flight ◄──────────────────────────┘
 *                                          └──► the command's thread waits for the end, or connects and sends once more
 * </pre>
 *
 * <p>The command's thread reads nothing itself: the file may be a pipe that is quiet when the server says goodbye. Each change has an
 * id, so that one that is sent once more takes effect once.
 */
final class Loading {

    /** By these the change was not taken, or may not have been, and the next one that asks may be luckier. */
    private static final Set<String> PASSING = Set.of("unavailable", "outcome-unknown", "too-many-connections");

    private final Retrying retrying;
    private final ChangeSource source;
    private final InFlight inFlight;
    private final ProgressBar progress;
    private final String idBeginning = UUID.randomUUID() + "-";

    private final Object sending = new Object();

    /** Changed, and written to, by whoever has {@link #sending}. */
    private volatile LineClient client;

    Loading(LineClient client, Retrying retrying, ChangeSource source, InFlight inFlight, ProgressBar progress) {
        this.client = client;
        this.retrying = retrying;
        this.source = source;
        this.inFlight = inFlight;
        this.progress = progress;
    }

    /**
     * Loads all after the first {@code skip}, and waits for the answers.
     *
     * @return null if all are durable
     * @throws IOException if the file cannot be read
     */
    @Nullable
    Trouble run(long skip) throws IOException, InterruptedException {
        LineClient first = client;
        start("answers", () -> readAnswers(first));
        start("changes", () -> sendAll(skip));
        try {
            Trouble trouble = inFlight.awaitEnd();
            while (trouble != null && trouble.mayPass() && reconnect(trouble.reason())) {
                trouble = inFlight.awaitEnd();
            }
            return trouble;
        } finally {
            inFlight.end();
            progress.clear();
            client.close();
        }
    }

    /** Whatever ends the task early ends the command: it would wait for ever for somebody who is no more. */
    private void start(String name, Runnable task) {
        var thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException | Error e) {
                        inFlight.failed(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether it goes on over another connection, on which what is not answered is sent once more. */
    private boolean reconnect(String reason) throws InterruptedException {
        progress.makeWay();
        LineClient next = retrying.connect(reason, inFlight.documents());
        if (next == null) {
            return false;
        }
        synchronized (sending) {
            client = next;
            List<byte[]> again = inFlight.again();
            // Before it is sent: a server whose answers nobody reads stops reading.
            start("answers", () -> readAnswers(next));
            again.forEach(this::write);
            flush();
        }
        return true;
    }

    // ---- the thread that reads the file and sends

    private void sendAll(long skip) {
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
                byte[] request = source.request(idBeginning + source.number());
                if (request != null) {
                    send(request);
                }
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

    private void send(byte[] request) {
        synchronized (sending) {
            inFlight.sent(source.number(), request);
            write(request);
        }
    }

    private void write(byte[] request) {
        try {
            client.requests().write(request);
        } catch (IOException e) {
            // The thread that reads comes to the connection's end too, and first to the answers before it.
        }
    }

    private void flush() {
        synchronized (sending) {
            try {
                client.requests().flush();
            } catch (IOException e) {
                // As above.
            }
        }
    }

    // ---- the thread that reads answers

    private void readAnswers(LineClient from) {
        try (from) {
            boolean goesOn = true;
            while (goesOn && awaitAnswer(from)) {
                goesOn = take(EventLine.of(from.lines()));
            }
            if (goesOn) {
                inFlight.lost("the server closed it", true);
            }
        } catch (ProtocolException e) {
            inFlight.lost(Reason.of(e), false);
        } catch (IOException e) {
            inFlight.lost(Reason.of(e), true);
        }
    }

    /** Whether more is to come over this connection. */
    private boolean take(EventLine event) throws ProtocolException {
        if (event.is("goodbye")) {
            inFlight.lost("the server said goodbye: " + event.text("reason"), retrying.take(event));
            return false;
        }
        if (event.is("error") && (inFlight.isEmpty() || PASSING.contains(event.text("code")))) {
            inFlight.lost(event.text("message"), true);
            return false;
        }
        if (inFlight.isEmpty()) {
            throw new ProtocolException("an answer came without a request");
        }
        answered(event);
        return true;
    }

    private void answered(EventLine event) throws ProtocolException {
        if (event.is("accepted")) {
            inFlight.accepted(event.seq());
            retrying.succeeded();
        } else if (!event.text("code").equals("draining")) {
            inFlight.refused(event.text("message"));
        }
        // What a server that drains did not take is sent once more behind its goodbye, which tells when.
    }

    /** Without a question no answer is due: the input may be a pipe that is slow. */
    private boolean awaitAnswer(LineClient from) throws IOException {
        boolean overdue = false;
        while (true) {
            try {
                return from.lines().next();
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
