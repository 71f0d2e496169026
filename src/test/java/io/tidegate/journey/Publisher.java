package io.tidegate.journey;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Publishes one change after the other without waiting for the answers, as long as not too many are outstanding. It tells the
 * {@link History} what became of each, and checks that the answers come in order and fit.
 */
final class Publisher implements Closeable {

    private static final int UNLIMITED = Integer.MAX_VALUE;
    private static final long TICK_NANOS = 10_000_000;
    private static final int TICKS_PER_SECOND = 100;

    private final String name;
    private final History history;
    private final Change.Script script;
    private final int perSecond;
    private final int window;
    private Supplier<Wire> wires = Wire::tcp;
    private Way way = Way.PLAIN;

    private int sent;
    private int sendUpTo = UNLIMITED;

    private ClientSocket socket;
    private Semaphore room = new Semaphore(0);
    private Queue<Change> outstanding = new ConcurrentLinkedQueue<>();
    private volatile boolean serverEnded;
    private volatile boolean stopping;
    private volatile boolean burstAsked;
    private long lastSeq;
    private boolean refused;
    private CompletableFuture<Ending> answered = new CompletableFuture<>();
    private CompletableFuture<Void> written = new CompletableFuture<>();

    private Publisher(String name, History history, Change.Script script, int perSecond, int window) {
        this.name = name;
        this.history = history;
        this.script = script;
        this.perSecond = perSecond;
        this.window = window;
    }

    /** A publisher at a steady pace. */
    static Publisher paced(String name, History history, Change.Script script, int perSecond) {
        return new Publisher(name, history, script, perSecond, 64);
    }

    /**
     * A publisher that is as fast as the server lets it be.
     *
     * @param window how many answers may be outstanding
     */
    static Publisher unpaced(String name, History history, Change.Script script, int window) {
        return new Publisher(name, history, script, 0, window);
    }

    /** On another transport; before it connects. */
    Publisher over(Supplier<Wire> transport) {
        wires = transport;
        return this;
    }

    /** By another way; before it connects. */
    Publisher by(Way other) {
        way = other;
        return this;
    }

    /** Connects and begins, or goes on where an earlier connection ended. */
    Publisher connect(InetSocketAddress server) throws IOException {
        var connected = new ClientSocket(server, Valve.open(), 0, wires.get(), way);
        socket = connected.introduce();
        room = new Semaphore(window);
        outstanding = new ConcurrentLinkedQueue<>();
        serverEnded = false;
        refused = false;
        answered = Background.start(name + " answers", () -> readAnswers(connected));
        written = Background.start(name, () -> write(connected));
        return this;
    }

    /** Publishes this many changes, waits until all are acknowledged, and leaves. */
    static void publishAll(
            String name, History history, Change.Script script, int count, int window, InetSocketAddress server)
            throws IOException, InterruptedException {
        try (var publisher = unpaced(name, history, script, window)) {
            publisher.sendUpTo = count;
            publisher.connect(server);
            publisher.requireAllAnswered();
        }
    }

    // ---- sending

    private Void write(ClientSocket connected) throws IOException, InterruptedException {
        try {
            writeToTheEnd(connected);
        } catch (SocketException e) {
            if (!connected.leavesByItself()) {
                throw e;
            }
            // It was told the end a moment ago.
        }
        return null;
    }

    private void writeToTheEnd(ClientSocket connected) throws IOException, InterruptedException {
        long dueAt = System.nanoTime();
        int tick = 0;
        while (!serverEnded && !stopping && sent < sendUpTo) {
            int burst = perSecond == 0 || burstAsked ? window : share(tick++);
            burstAsked = false;
            send(connected, burst);
            if (perSecond > 0) {
                dueAt += TICK_NANOS;
                LockSupport.parkNanos(dueAt - System.nanoTime());
            }
        }
        if (serverEnded) {
            writeIntoTheClosedStream(connected);
        } else {
            connected.send("quit\n");
        }
        connected.halfClose();
    }

    /** Spreads a second's changes evenly over its ticks. */
    private int share(int tick) {
        return (int) ((tick + 1L) * perSecond / TICKS_PER_SECOND - (long) tick * perSecond / TICKS_PER_SECOND);
    }

    /** Sends as many changes as there is room for, at least one, in one write. */
    private void send(ClientSocket connected, int most) throws IOException, InterruptedException {
        var lines = new StringBuilder();
        for (int i = 0; i < most && sent < sendUpTo && hasRoom(i == 0) && !serverEnded; i++) {
            Change change = script.change(sent++);
            outstanding.add(change);
            lines.append(change.request()).append('\n');
        }
        connected.send(lines);
    }

    private boolean hasRoom(boolean wait) throws InterruptedException {
        if (!wait) {
            return room.tryAcquire();
        }
        if (!room.tryAcquire(Background.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(name + " waited in vain for an answer");
        }
        return true;
    }

    /**
     * What a pipelining publisher cannot help doing: it writes on until it has seen the server's FIN. A server that had
     * closed its socket, rather than only its side, would answer the first of these writes by RST and fail the second.
     */
    private void writeIntoTheClosedStream(ClientSocket connected) throws IOException {
        for (int i = 0; i < 2; i++) {
            connected.send(script.change(sent++).request() + "\n");
            LockSupport.parkNanos(TICK_NANOS / 2);
        }
    }

    // ---- answers

    private Ending readAnswers(ClientSocket connected) throws IOException, InterruptedException {
        try {
            EventLine goodbye = null;
            for (EventLine line = connected.read(); line != null; line = connected.read()) {
                if (goodbye != null) {
                    throw new AssertionError(name + ": after the goodbye came " + line);
                }
                if (line.kind().equals("goodbye")) {
                    goodbye = line;
                    history.epoch(line.field("epoch"));
                } else if (!line.kind().equals("authenticated")) {
                    answer(line);
                    room.release();
                }
            }
            return Ending.of(connected, goodbye);
        } finally {
            serverEnded = true;
            room.release(window);
        }
    }

    private void answer(EventLine line) {
        Change change = outstanding.poll();
        if (change == null) {
            throw new AssertionError(name + ": an answer to nothing: " + line);
        }
        if (line.kind().equals("accepted") && line.seq() > lastSeq && !refused) {
            lastSeq = line.seq();
            history.acknowledged(line.seq(), change.content(), name);
        } else if (line.kind().equals("error") && line.field("code").equals("draining")) {
            refused = true;
            history.neverTaken(change.content());
        } else {
            throw new AssertionError(name + ": after " + lastSeq + (refused ? " and a refusal" : "") + " came " + line);
        }
    }

    // ---- the end

    /** Whatever its pace, next it sends as many changes as may be outstanding. */
    void burst() {
        burstAsked = true;
    }

    /** Checks that the server's ledger has of its connection what it saw itself. */
    void requireLedgerAgrees(Operator operator) {
        operator.requireCompleted(name, socket, 0, 0);
    }

    /** Lets it finish: no further changes, then {@code quit}. */
    void stop() {
        stopping = true;
        room.release();
    }

    /** Checks that it got an answer to everything, and left by its own {@code quit}. */
    void requireAllAnswered() throws InterruptedException {
        Ending ending = awaitAnswers();
        ending.requirePolite(
                name, "quit", ending.goodbye() == null ? -1 : ending.goodbye().number("seq"));
        if (!outstanding.isEmpty()) {
            throw new AssertionError(name + " got no answer to " + outstanding.size() + " changes");
        }
    }

    /** Waits for the end of the server's side; fails if an answer was wrong. */
    Ending awaitAnswers() throws InterruptedException {
        return Background.await(answered, name + " to end");
    }

    /**
     * Checks that the server drained it: an answer to each change that it had read, a goodbye, FIN, and no RST for what the
     * publisher sent meanwhile. The changes without an answer were not read, so they must never show.
     */
    void requireDrained(long finalSeq) throws InterruptedException {
        awaitAnswers().requirePolite(name, "shutdown", finalSeq);
        Background.await(written, name + " to be listened to until it had seen the FIN");
        unanswered().forEach(change -> history.neverTaken(change.content()));
    }

    /** Changes that were sent and not answered. */
    List<Change> unanswered() {
        return new ArrayList<>(outstanding);
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        if (socket != null) {
            socket.close();
        }
    }
}
