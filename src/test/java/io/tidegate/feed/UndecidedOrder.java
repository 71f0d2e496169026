package io.tidegate.feed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Never learns what became of a change, as a node that is cut off from the others. */
public final class UndecidedOrder implements Order {

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void start(OrderState state, Sink sink) {}

    @Override
    public void offer(Publication publication) {
        publication.refuse(Publication.Refusal.UNKNOWN);
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void awaitRoom(Wakeup wakeup) {
        wakeup.signal();
    }

    @Override
    public void leave(Wakeup wakeup) {}

    @Override
    public Backlog backlog() {
        return new Backlog(0, 0);
    }

    @Override
    public CompletionStage<Void> drain() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void abandon() {}
}
