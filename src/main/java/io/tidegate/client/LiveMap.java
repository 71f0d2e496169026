package io.tidegate.client;

import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Position;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Documents as they are now, kept so by what their server sends. Reading is for any thread; what changes is told on the thread that follows.
 *
 * <p>While a snapshot comes anew, what is there stays, and is replaced as a whole when that is complete: there is never half of it.
 */
public final class LiveMap implements AutoCloseable {

    /** Hears of each document that has become another. What it throws is told to the thread's handler of uncaught exceptions. */
    public interface Listener {
        /**
         * It has become another.
         *
         * @param value null if there is none of that name any more
         */
        void changed(DocumentName name, @Nullable Json value);

        /** All that there was up to that position is there; behind each change, and where nothing has changed. */
        default void current(Position position) {}
    }

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<LiveMap> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    private volatile ConcurrentSkipListMap<DocumentName, Json> documents = new ConcurrentSkipListMap<>();
    private volatile @Nullable Position position;

    /** Whether steps were left out, so that what is there is that of no one position yet. Of the thread that follows. */
    private boolean isCondensed;

    /** What has come of a snapshot that is not complete; null if there is none. Of the thread that follows. */
    private @Nullable ConcurrentSkipListMap<DocumentName, Json> coming;

    LiveMap() {}

    /**
     * The documents, in the order of their names. A view for reading, which goes on changing until all of them come anew, as they do at
     * first: ask for it each time.
     */
    public SortedMap<DocumentName, Json> documents() {
        return Collections.unmodifiableSortedMap(documents);
    }

    /** The document of that name; null if there is none. */
    public @Nullable Json get(DocumentName name) {
        return documents.get(name);
    }

    /** Up to where the documents are as they are; null before the first of them have come. */
    public @Nullable Position position() {
        return position;
    }

    /** Completes when the documents are there; fails if the server refuses them. */
    public CompletionStage<LiveMap> whenReady() {
        return ready.minimalCompletionStage();
    }

    /** Completes when nothing is followed any more; fails if the server has refused it. */
    public CompletionStage<Void> whenEnded() {
        return ended.minimalCompletionStage();
    }

    /** Tells of what changes from now on. */
    public void onChange(Listener listener) {
        listeners.add(listener);
    }

    /** Follows no more; what is there stays. */
    @Override
    public void close() {
        var unused = subscription.thenAccept(Flow.Subscription::cancel);
        ended.complete(null);
        ready.completeExceptionally(new IllegalStateException("it was closed before the documents had come"));
    }

    Flow.Subscriber<Event> subscriber() {
        return new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription.complete(given);
                given.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Event event) {
                take(event);
            }

            @Override
            public void onError(Throwable failure) {
                ready.completeExceptionally(failure);
                ended.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                close();
            }
        };
    }

    private void take(Event event) {
        if (event instanceof Event.Reset) {
            coming = new ConcurrentSkipListMap<>();
        } else if (event instanceof Event.Document document) {
            Objects.requireNonNull(coming).put(document.name(), document.value());
        } else if (event instanceof Event.Put put) {
            documents.put(put.name(), put.value());
            moveTo(put.position());
            tell(put.name(), put.value());
            tellPosition(put.position());
        } else if (event instanceof Event.Delete delete) {
            boolean wasThere = documents.remove(delete.name()) != null;
            moveTo(delete.position());
            if (wasThere) {
                tell(delete.name(), null);
            }
            tellPosition(delete.position());
        } else if (event instanceof Event.Condensed) {
            isCondensed = true;
        } else if (event instanceof Event.Current current) {
            isCondensed = false;
            replace(current.position());
            tellPosition(current.position());
            ready.complete(this);
        }
    }

    private void moveTo(Position next) {
        position = isCondensed ? position : next;
    }

    private void tellPosition(Position next) {
        if (!isCondensed) {
            tell(listener -> listener.current(next));
        }
    }

    /** By what has come of a snapshot, if there was one; it is at that position then. */
    private void replace(Position at) {
        Map<DocumentName, Json> before = documents;
        ConcurrentSkipListMap<DocumentName, Json> next = coming;
        documents = next == null ? documents : next;
        position = at;
        coming = null;
        if (next == null) {
            return;
        }
        before.keySet().stream().filter(name -> !next.containsKey(name)).forEach(name -> tell(name, null));
        next.forEach((name, value) -> {
            if (!Objects.equals(value, before.get(name))) {
                tell(name, value);
            }
        });
    }

    private void tell(DocumentName name, @Nullable Json value) {
        tell(listener -> listener.changed(name, value));
    }

    /** What one of them throws is no matter of the others, nor of what is followed: whoever looks after threads is told. */
    private void tell(Consumer<Listener> word) {
        for (Listener listener : listeners) {
            try {
                word.accept(listener);
            } catch (RuntimeException e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }
}
