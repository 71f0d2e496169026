package io.tidegate.shared;

import io.tidegate.document.Reason;
import io.tidegate.feed.Epochs;
import io.tidegate.feed.OrderState;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Whether a store and a shared log fit each other, before the one is served by the other; and what helps where they do not. */
public final class StoreFit {

    private static final Duration POLL = Duration.ofMillis(100);

    private StoreFit() {}

    /** The name of the epoch of a log's feed, the same on all nodes. */
    public static String epoch(SharedLog log) {
        return Memory.epoch(log.identity());
    }

    /**
     * Looks whether a store can go on by a log.
     *
     * @throws SharedLogException if it cannot, with what to do
     */
    public static void require(SharedLog log, OrderState state) throws SharedLogException {
        Memory memory = Memory.of(state).orElse(null);
        if (memory != null && memory.place().next() < state.offset()) {
            throw new SharedLogException(
                    SharedLogException.Kind.DIVERGED,
                    "the store contradicts itself on how far it has read the shared log: move it away, and the node reads the log"
                            + " anew");
        }
        if (memory != null && !memory.identity().equals(log.identity())) {
            throw new SharedLogException(
                    SharedLogException.Kind.DIVERGED,
                    "the store is of another shared log, and its updates are not in this one: move it away, and the node reads the"
                            + " log anew");
        }
    }

    /**
     * Looks whether a log still has the place up to which a store has read it. For who does not read the log meanwhile; blocks.
     *
     * @param state of a store that {@linkplain #require fits}
     * @throws SharedLogException if it has not, trimmed or diverged
     */
    public static void requireThere(SharedLog log, OrderState state) throws SharedLogException {
        log.seek(Memory.of(state).map(Memory::place).orElse(SharedLog.Place.START));
    }

    /**
     * How much a log has.
     *
     * @param isWhole whether it has all since the feed began
     * @param entries about how many
     */
    public record Extent(boolean isWhole, long entries) {}

    /** Looks how much a log has. Blocks. */
    public static Extent extent(SharedLog log) throws SharedLogException {
        long start = await(log.start());
        return new Extent(start == 0, await(log.end()) - start);
    }

    /**
     * Begins an epoch of the feed of a log, for a node that has read what is not in the log any more: from there on nobody's position is
     * taken for one that somebody else has. For who does not read the log meanwhile; blocks.
     *
     * @param patience how long it waits until the log has it
     * @return its name
     * @throws SharedLogException if it is not known whether the log has it
     */
    public static String beginEpoch(SharedLog log, Duration patience) throws SharedLogException {
        String name = Epochs.newName();
        var header = new Header(Header.Kind.EPOCH, Memory.feed(log.identity()), Life.begin(), 0);
        byte[] record = Records.epoch(header, name);
        log.seek(new SharedLog.Place(await(log.end()), -1));
        log.append(record);
        long giveUpAt = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - giveUpAt < 0) {
            for (SharedLog.Entry entry : log.poll(POLL)) {
                if (Arrays.equals(entry.bytes(), record)) {
                    return name;
                }
            }
        }
        throw new SharedLogException(
                SharedLogException.Kind.UNAVAILABLE, "it did not take the record that begins an epoch in time");
    }

    private static <T> T await(CompletionStage<T> answer) throws SharedLogException {
        try {
            return answer.toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SharedLogException failure) {
                throw failure;
            }
            throw new SharedLogException(SharedLogException.Kind.UNAVAILABLE, Reason.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SharedLogException(SharedLogException.Kind.UNAVAILABLE, "interrupted", e);
        }
    }
}
