package io.tidegate.journey;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Follows the feed on a thread of its own and checks each line as it comes: whole lines, sequence numbers without gap or
 * duplicate, contents that agree with the {@link History}, nothing behind the goodbye. It can connect again and then resumes
 * from its position.
 */
final class Follower implements Closeable {

    private final String name;
    private final String verb;
    private final Set<String> collections;
    private final History history;
    private final Valve valve;
    private final int receiveBytes;
    private final Supplier<Wire> wires;
    private Way way = Way.PLAIN;

    private ClientSocket socket;
    private CompletableFuture<Ending> ended = CompletableFuture.completedFuture(null);

    /** The last snapshot: where it was taken, and its contents by subject. */
    private final Map<String, String> documents = new HashMap<>();

    private long syncedSeq = -1;

    // Guarded by this.
    private boolean subscribed;

    private boolean hasCaughtUp;

    /** How many documents the snapshot said that it has; -1 if it did not. */
    private long announced = -1;

    private boolean epochToldHere;

    private String epoch;
    private long startSeq = -1;
    private long seq = -1;
    private long updates;

    private Follower(
            String name,
            String verb,
            Set<String> collections,
            History history,
            Valve valve,
            int receiveBytes,
            Supplier<Wire> wires) {
        this.name = name;
        this.verb = verb;
        this.collections = collections;
        this.history = history;
        this.valve = valve;
        this.receiveBytes = receiveBytes;
        this.wires = wires;
    }

    /**
     * A follower that is not connected yet.
     *
     * @param verb {@code sync}, {@code updates} or {@code follow}
     * @param collections what to follow; none means all
     */
    static Follower of(String name, History history, String verb, String... collections) {
        return new Follower(name, verb, Set.of(collections), history, Valve.open(), 0, Wire::tcp);
    }

    /** The same as a slow one: a small receive buffer, and a valve before each read. */
    Follower through(Valve slow) {
        return new Follower(name, verb, collections, history, slow, 64 * 1024, wires);
    }

    /** The same on another transport. */
    Follower over(Supplier<Wire> transport) {
        return new Follower(name, verb, collections, history, valve, receiveBytes, transport);
    }

    /** By another way; before it connects. */
    Follower by(Way other) {
        way = other;
        return this;
    }

    /** The same as one that resumes from the very beginning of the feed. */
    Follower fromTheBeginning() {
        startSeq = 0;
        seq = 0;
        return this;
    }

    /** Connects and asks; a follower that has a position resumes from it. */
    Follower connect(InetSocketAddress server) throws IOException {
        synchronized (this) {
            subscribed = false;
            hasCaughtUp = false;
            announced = -1;
            epochToldHere = false;
        }
        var connected = new ClientSocket(server, valve, receiveBytes, wires.get(), way);
        socket = connected.introduce();
        connected.send(request());
        ended = Background.start(name, () -> receive(connected));
        return this;
    }

    private synchronized String request() {
        String after = seq < 0 ? "" : " after " + (epoch == null ? history.epoch() : epoch) + ":" + seq;
        String asked = verb
                + after
                + String.join("", collections.stream().map(c -> " " + c).toList());
        return verb.equals("sync") ? asked + "\nquit\n" : asked + "\n";
    }

    /** Connects and closes its own side at once: it still gets everything. */
    Follower connectAndHalfClose(InetSocketAddress server) throws IOException {
        connect(server);
        socket.halfClose();
        return this;
    }

    private Ending receive(ClientSocket connected) throws IOException, InterruptedException {
        try (connected) {
            EventLine goodbye = null;
            for (EventLine line = connected.read(); line != null; line = connected.read()) {
                if (goodbye != null) {
                    throw violation("after the goodbye came", line);
                }
                if (line.kind().equals("goodbye")) {
                    goodbye = line;
                    epoch(line);
                } else {
                    receive(line);
                }
            }
            return Ending.of(connected, goodbye);
        } finally {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    private void receive(EventLine line) {
        switch (line.kind()) {
            case "put", "delete" -> update(line);
            case "document" -> document(line);
            case "synced" -> synced(line);
            case "subscribed" -> subscribed(line);
            case "authenticated" -> authenticated(line);
            case "heartbeat" -> heartbeat(line);
            case "caughtup" -> caughtUp(line);
            case "snapshot" -> announced = line.number("documents");
            default -> throw violation("unexpected", line);
        }
    }

    /** While a client is connected its epoch stays. */
    private synchronized void epoch(EventLine line) {
        String told = line.field("epoch");
        if (epochToldHere && !told.equals(epoch)) {
            throw violation("in epoch " + epoch, line);
        }
        epoch = told;
        epochToldHere = true;
        history.epoch(told);
    }

    private void document(EventLine line) {
        if (syncedSeq >= 0 || !History.isIn(line.rest(), collections)) {
            throw violation("not a document to be sent", line);
        }
        if (documents.put(EventLine.subject(line.rest()), line.rest()) != null) {
            throw violation("the same document again", line);
        }
    }

    private void synced(EventLine line) {
        epoch(line);
        syncedSeq = line.number("seq");
        boolean isAnnounced = announced < 0 || announced == documents.size();
        if (line.number("documents") != documents.size() || !isAnnounced) {
            throw violation(documents.size() + " documents came, but then", line);
        }
    }

    private synchronized void subscribed(EventLine line) {
        epoch(line);
        long position = line.number("seq");
        boolean isExpected = seq >= 0 ? position == seq : syncedSeq < 0 || position == syncedSeq;
        if (subscribed || !isExpected) {
            throw violation("at " + seq + " (snapshot " + syncedSeq + ")", line);
        }
        if (seq < 0) {
            startSeq = position;
            seq = position;
        }
        subscribed = true;
        notifyAll();
    }

    private void update(EventLine line) {
        if (line.kind().equals("delete") != EventLine.isDelete(line.rest())) {
            throw violation("not well-formed", line);
        }
        history.seen(line.seq(), line.rest(), name);
        synchronized (this) {
            boolean isNext = collections.isEmpty() ? line.seq() == seq + 1 : line.seq() > seq;
            if (!subscribed || !isNext || !History.isIn(line.rest(), collections)) {
                throw violation("after " + seq, line);
            }
            seq = line.seq();
            updates++;
            notifyAll();
        }
    }

    /** Once on each connection: it has just what it was sent. */
    private synchronized void caughtUp(EventLine line) {
        epoch(line);
        long position = line.number("seq");
        if (!subscribed || hasCaughtUp || (collections.isEmpty() ? position != seq : position < seq)) {
            throw violation("after " + seq, line);
        }
        hasCaughtUp = true;
    }

    private synchronized void authenticated(EventLine line) {
        if (way.isPlain() || subscribed) {
            throw violation("unexpected", line);
        }
    }

    private synchronized void heartbeat(EventLine line) {
        if (collections.isEmpty() ? line.seq() != seq : line.seq() < seq) {
            throw violation("after " + seq, line);
        }
    }

    private AssertionError violation(String what, EventLine line) {
        return new AssertionError(name + " (" + verb + " " + collections + "): " + what + " " + line);
    }

    /** The last sequence number that it was sent. */
    synchronized long seq() {
        return seq;
    }

    /** Whether it is past its snapshot; fails if its stream has ended. */
    synchronized boolean isSubscribed() {
        if (!subscribed && ended.isDone()) {
            throw new AssertionError(
                    name + " ended before it was subscribed",
                    ended.handle((end, e) -> e).join());
        }
        return subscribed;
    }

    Follower awaitSubscribed() throws InterruptedException {
        await(0);
        return this;
    }

    /** Waits until it is subscribed and has an update or a later one. */
    synchronized void await(long wanted) throws InterruptedException {
        long giveUpAt = System.nanoTime() + Background.PATIENCE.toNanos();
        while (!subscribed || seq < wanted) {
            if (ended.isDone()) {
                Ending early = Background.await(ended, name);
                throw new AssertionError(name + " ended at " + seq + " instead of reaching " + wanted + ": " + early);
            }
            long left = (giveUpAt - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(name + " waited in vain for update " + wanted + ", it is at " + seq);
            }
            wait(left);
        }
    }

    /** Waits until its stream has ended; fails if anything was wrong with what came. */
    Ending awaitEnd() throws InterruptedException {
        return Background.await(ended, name + " to end");
    }

    /**
     * Checks, when the stream has ended, that it got everything that it asked for, up to the end of the feed.
     *
     * @param reason of the goodbye
     */
    void requireComplete(String reason, long finalSeq) throws InterruptedException {
        awaitEnd().requirePolite(name, reason, finalSeq);
        requireSnapshotAgrees();
        if (startSeq >= 0) {
            long expected = history.count(startSeq, finalSeq, collections);
            if (updates != expected) {
                throw new AssertionError(name + " got " + updates + " updates from " + startSeq + " to " + finalSeq
                        + " of " + collections + ", there are " + expected);
            }
        }
    }

    /** Checks that its snapshot, if it got one, is what the updates up to there make. */
    void requireSnapshotAgrees() {
        if (syncedSeq >= 0 && !documents.equals(history.stateAt(syncedSeq, collections))) {
            var missing = new HashMap<>(history.stateAt(syncedSeq, collections));
            missing.values().removeAll(documents.values());
            var surplus = new HashMap<>(documents);
            surplus.values().removeAll(history.stateAt(syncedSeq, collections).values());
            throw new AssertionError(name + ": the snapshot at " + syncedSeq + " lacks " + List.copyOf(missing.values())
                    + " and has " + List.copyOf(surplus.values()));
        }
    }

    /** With which code the server closed it, if it is a WebSocket; otherwise 0. */
    int closeCode() {
        return socket.closeCode();
    }

    long syncedSeq() {
        return syncedSeq;
    }

    /** Reads on, as fast as it can. */
    void hurry() {
        valve.openWide();
        readOn();
    }

    /** Checks that the server's ledger has of its connection what it saw itself. */
    void requireLedgerAgrees(Operator operator) {
        synchronized (this) {
            operator.requireCompleted(name, socket, updates, updates == 0 ? 0 : seq);
        }
    }

    /** Stops reading, with its socket open, until {@link #readOn}. */
    void stopReading() {
        valve.close();
    }

    void readOn() {
        valve.reopen();
    }

    /** Resets its connection. */
    void vanish() throws IOException {
        socket.vanish();
    }

    /** Leaves without a word and without having read everything: its kernel resets the connection for it. */
    void leave() throws IOException {
        socket.abandon();
    }

    @Override
    public void close() throws IOException {
        valve.reopen();
        if (socket != null) {
            socket.close();
        }
    }
}
