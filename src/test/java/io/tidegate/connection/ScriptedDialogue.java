package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Transport;
import io.tidegate.wire.Chunks;
import io.tidegate.wire.Decoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Says what a test has it say, takes bytes as they come, and remembers what it was told. Thread-safe. */
final class ScriptedDialogue implements Protocol, Dialogue<ByteString> {

    private static final long PATIENCE_SECONDS = 60;

    private final Chunks decoder = new Chunks();
    private final ArrayDeque<EventLines> toSay = new ArrayDeque<>();
    private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    private final BlockingQueue<Goodbye> goodbyes = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> blocked = new LinkedBlockingQueue<>();
    private final List<String> failedOn = new ArrayList<>();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch inputEnd = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Wakeup wakeup;
    private Runnable whenOpened = () -> {};
    private Runnable whenPolled = () -> {};
    private boolean listens = true;
    private boolean wantsInput = true;
    private boolean finishes;
    private boolean failsToWant;
    private boolean failsToTake;
    private boolean failsToSay;
    private boolean failsToClose;
    private boolean saysTheNewest;
    private int inputEnds;
    private @Nullable Protocol next;
    private ByteString left = ByteString.emptyByteString();

    // ---- what a test has it do

    void say(String lines) {
        synchronized (this) {
            toSay.add(EventLines.withoutUpdates(ByteString.fromString(lines)));
        }
        signal();
    }

    /** Is to be asked late. */
    synchronized void sayTheNewest() {
        saysTheNewest = true;
    }

    @Override
    public synchronized boolean saysTheNewest() {
        return saysTheNewest;
    }

    /** Ends when it has said all. */
    void finish() {
        synchronized (this) {
            finishes = true;
        }
        signal();
    }

    /** Gives way to another when it has said all. */
    void giveWayTo(Protocol other) {
        synchronized (this) {
            next = other;
        }
        finish();
    }

    void stopListening() {
        synchronized (this) {
            listens = false;
        }
        signal();
    }

    void wantInput(boolean wants) {
        synchronized (this) {
            wantsInput = wants;
        }
        signal();
    }

    /** When it is asked whether it wants input. */
    synchronized void failToWant() {
        failsToWant = true;
    }

    synchronized void failToTake() {
        failsToTake = true;
    }

    /** When it is polled the next time; it is not woken for that. */
    synchronized void failToSay() {
        failsToSay = true;
    }

    synchronized void failToClose() {
        failsToClose = true;
    }

    /** Has taken bytes that are not for it. */
    synchronized void leave(String bytes) {
        left = ByteString.fromString(bytes);
    }

    synchronized void whenOpened(Runnable task) {
        whenOpened = task;
    }

    synchronized void whenPolled(Runnable task) {
        whenPolled = task;
    }

    /** Outside the monitor: a turn may come at once, on this thread. */
    void signal() {
        Wakeup toSignal;
        synchronized (this) {
            toSignal = wakeup;
        }
        if (toSignal != null) {
            toSignal.signal();
        }
    }

    // ---- what a test wants to know

    void expectTaken(String... chunks) throws InterruptedException {
        for (String chunk : chunks) {
            assertThat(taken.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(chunk);
        }
    }

    /** What it has taken and nobody expected yet. */
    List<String> takenSoFar() {
        return List.copyOf(taken);
    }

    void expectInputEnd() throws InterruptedException {
        expect(inputEnd, "the end of its input");
        assertThat(inputEnds()).isEqualTo(1);
    }

    private synchronized int inputEnds() {
        return inputEnds;
    }

    void expectOpened() throws InterruptedException {
        expect(opened, "its begin");
    }

    void expectClosed() throws InterruptedException {
        expect(closed, "its end");
    }

    private static void expect(CountDownLatch latch, String what) throws InterruptedException {
        assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(what).isTrue();
    }

    void expectGoodbye(Goodbye goodbye) throws InterruptedException {
        assertThat(goodbyes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(goodbye);
    }

    List<Goodbye> goodbyes() {
        return List.copyOf(goodbyes);
    }

    /** What it was told of the kernel and nobody expected yet. */
    List<Boolean> blocked() {
        return List.copyOf(blocked);
    }

    void expectBlocked(boolean isBlocked) throws InterruptedException {
        assertThat(blocked.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(isBlocked);
    }

    /** Names of the threads on which it failed. */
    synchronized List<String> failedOn() {
        return List.copyOf(failedOn);
    }

    // ---- what the stage asks

    @Override
    public synchronized Dialogue<?> open(Peer peer, Wakeup toSignal, BooleanSupplier hasUnread) {
        wakeup = toSignal;
        whenOpened.run();
        opened.countDown();
        return this;
    }

    @Override
    public ByteString refusal(String message) {
        return ByteString.emptyByteString();
    }

    @Override
    public ByteString mistaken(String message) {
        return ByteString.fromString(message + "\n");
    }

    @Override
    public Decoder<ByteString, ByteString> decoder() {
        return decoder;
    }

    @Override
    public synchronized boolean wantsInput() {
        failIf(failsToWant);
        return wantsInput && !finishes;
    }

    @Override
    public synchronized boolean listens() {
        return listens;
    }

    @Override
    public synchronized boolean take(ByteString input) {
        failIf(failsToTake);
        taken.add(input.utf8String());
        return true;
    }

    private void failIf(boolean fails) {
        if (fails) {
            failedOn.add(Thread.currentThread().getName());
            throw new IllegalStateException("bug, told by a test");
        }
    }

    @Override
    public synchronized void inputEnded() {
        inputEnds++;
        inputEnd.countDown();
    }

    @Override
    public synchronized @Nullable EventLines poll() {
        if (wakeup != null) {
            wakeup.reset();
        }
        whenPolled.run();
        failIf(failsToSay);
        return toSay.poll();
    }

    @Override
    public void blocked(boolean isBlocked) {
        blocked.add(isBlocked);
    }

    @Override
    public synchronized boolean isFinished() {
        return finishes && toSay.isEmpty();
    }

    @Override
    public synchronized @Nullable Protocol next() {
        return next;
    }

    @Override
    public synchronized ByteString rest() {
        ByteString unread = decoder.next();
        return unread == null ? left : left.concat(unread);
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        failIf(failsToClose);
    }

    /** As most do, it listens no more. */
    @Override
    public void shutdown(Goodbye goodbye) {
        goodbyes.add(goodbye);
        stopListening();
    }

    @Override
    public void heartbeat() {
        // Nobody follows anything here.
    }

    @Override
    public Transport transport() {
        return Transport.TCP;
    }
}
