package io.tidegate.shared;

import java.util.function.Consumer;

/**
 * What appends to a shared log: each until something may be lost with it, and then the next one, until the log is closed.
 *
 * <p>{@link #renew} is for one thread at a time, the others for any.
 *
 * @param <A> one of them
 */
public final class Appenders<A> {

    /** Makes one. */
    public interface Maker<A> {
        A make() throws SharedLogException;
    }

    private final Maker<A> maker;
    private final Consumer<A> end;

    private volatile A current;

    private volatile boolean isClosed;

    /**
     * The first is made at once.
     *
     * @param end gives up on what one has under way
     */
    public Appenders(Maker<A> maker, Consumer<A> end) throws SharedLogException {
        this.maker = maker;
        this.end = end;
        current = maker.make();
    }

    public A current() {
        return current;
    }

    /** Gives up on what the current one has under way, and goes on with another. */
    public void renew() throws SharedLogException {
        A next = maker.make();
        A former = current;
        current = next;
        end.accept(former);
        if (isClosed) {
            // Meanwhile, and who closed the log may have closed the former only.
            end.accept(next);
            throw SharedLogException.closed();
        }
    }

    /** There is no other one any more. */
    public void close() {
        isClosed = true;
        end.accept(current);
    }
}
