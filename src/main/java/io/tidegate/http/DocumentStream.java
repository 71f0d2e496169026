package io.tidegate.http;

import akka.util.ByteString;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.SnapshotReader;
import io.tidegate.feed.Stretch;
import io.tidegate.feed.Wakeup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a snapshot on their way into the body of a response, at the client's pace.
 *
 * <p>It is open when the first piece was read: then its position is known, and can stand in the head of the response. From
 * then on it belongs to the connection, which closes it. Thread-safe.
 */
final class DocumentStream implements Pieces {

    private final Feed feed;
    private final Caller caller;
    private final Selection selection;
    private final Runnable place;
    private final CompletableFuture<DocumentStream> opened = new CompletableFuture<>();
    private final Wakeup wakeup = new Wakeup(Runnable::run, this::look);
    private final SnapshotReader reader;

    /**
     * Whether the first piece is to be looked for: not before there is a reader, nor in a look, since the reader may call back
     * from within its own poll, nor when it is there, though {@code opened} does not say so yet.
     */
    private boolean mayLook;

    private @Nullable EventLines first;
    private @Nullable Runnable whenMore;
    private boolean closed;

    private DocumentStream(
            Feed feed, Caller caller, Selection selection, Stretch stretch, Runnable place, int chunkBytes) {
        this.feed = feed;
        this.caller = caller;
        this.selection = selection;
        this.place = place;
        reader = feed.readSnapshot(selection, stretch, chunkBytes, wakeup);
    }

    /**
     * Starts reading.
     *
     * @param caller may read the selection when it begins; when that ends, so does the stream
     * @param stretch what is sent of it
     * @param chunkBytes about how many bytes are sent at once, at most
     * @return fails with {@link FeedLogException} if the store cannot be read, with {@link Problem.Refusal} if the caller reads as
     *     many snapshots as it may
     */
    static CompletionStage<DocumentStream> open(
            Feed feed, Caller caller, Selection selection, Stretch stretch, int chunkBytes) {
        try {
            Runnable place = caller.takeSnapshot(selection);
            var stream = new DocumentStream(feed, caller, selection, stretch, place, chunkBytes);
            stream.beginToLook();
            return stream.opened;
        } catch (Problem.Refusal e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void beginToLook() {
        synchronized (this) {
            mayLook = true;
        }
        look();
    }

    /** Something may have come: on any thread until it is open, then the stream is told. */
    private void look() {
        Runnable told;
        synchronized (this) {
            told = whenMore;
            if (told == null && mayLook) {
                told = firstLook();
            }
        }
        if (told != null) {
            told.run();
        }
    }

    private @Nullable Runnable firstLook() {
        mayLook = false;
        wakeup.reset();
        try {
            first = reader.poll();
            mayLook = first == null && !reader.isAtEnd();
            return mayLook ? null : () -> opened.complete(this);
        } catch (FeedLogException | RuntimeException | Error e) {
            // Whatever it is: who waits for the answer is told, or would wait for ever.
            release();
            return () -> opened.completeExceptionally(e);
        }
    }

    /** Where in the feed the documents were like that. */
    Position position() {
        return feed.positionAt(reader.seq());
    }

    @Override
    public synchronized void open(Runnable whenMore) {
        this.whenMore = whenMore;
    }

    /** A piece of the documents, a line each. */
    @Override
    public synchronized @Nullable ByteString poll() throws FeedLogException, Problem.Refusal {
        wakeup.reset();
        if (closed) {
            // The connection is ending, and the body with it.
            return null;
        }
        if (!caller.pass().mayStillRead(selection)) {
            throw caller.refusal().refusal();
        }
        EventLines lines = first;
        first = null;
        if (lines == null && !reader.isAtEnd()) {
            lines = reader.poll();
        }
        return lines == null ? null : lines.bytes();
    }

    @Override
    public synchronized boolean isAtEnd() {
        return first == null && reader.isAtEnd();
    }

    @Override
    public synchronized void close() {
        closed = true;
        release();
    }

    private void release() {
        reader.close();
        place.run();
    }
}
