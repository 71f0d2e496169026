package io.tidegate.http;

import akka.Done;
import akka.NotUsed;
import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.javadsl.Source;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import io.tidegate.document.Filter;
import io.tidegate.document.Position;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.SnapshotReader;
import io.tidegate.feed.Wakeup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The documents of a snapshot on their way into the body of a response, at the client's pace.
 *
 * <p>It is open when the first piece was read: then its position is known, and can stand in the head of the response. From
 * then on it belongs to the stream of the connection, which closes it.
 */
final class DocumentStream {

    /** Ends a body that cannot be completed; it was logged. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken() {
            super("the documents cannot be read", null, false, false);
        }
    }

    private static final Logger log = LoggerFactory.getLogger(DocumentStream.class);

    private final Feed feed;
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

    private DocumentStream(Feed feed, Filter filter, int chunkBytes) {
        this.feed = feed;
        reader = feed.readSnapshot(filter, chunkBytes, wakeup);
    }

    /**
     * Starts reading.
     *
     * @param chunkBytes about how many bytes are sent at once, at most
     * @return fails with {@link FeedLogException} if the store cannot be read
     */
    static CompletionStage<DocumentStream> open(Feed feed, Filter filter, int chunkBytes) {
        var stream = new DocumentStream(feed, filter, chunkBytes);
        stream.beginToLook();
        return stream.opened;
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
        } catch (FeedLogException e) {
            reader.close();
            return () -> opened.completeExceptionally(e);
        }
    }

    /** Where in the feed the documents were like that. */
    Position position() {
        return feed.positionAt(reader.seq());
    }

    /** The documents, a line each. */
    Source<ByteString, NotUsed> lines() {
        return Source.fromGraph(new Lines());
    }

    /** The documents as one JSON array. */
    Source<ByteString, NotUsed> array() {
        return lines().via(JsonArray.create());
    }

    /** Releases the snapshot. Once the stream has begun, by its thread or after it. */
    synchronized void close() {
        closed = true;
        reader.close();
    }

    private synchronized void tell(Runnable whenMore) {
        this.whenMore = whenMore;
    }

    private synchronized @Nullable EventLines poll() throws FeedLogException {
        wakeup.reset();
        if (closed) {
            // The connection is ending, and the body with it.
            return null;
        }
        EventLines lines = first;
        first = null;
        return lines == null && !reader.isAtEnd() ? reader.poll() : lines;
    }

    private synchronized boolean isAtEnd() {
        return reader.isAtEnd();
    }

    private final class Lines extends GraphStage<SourceShape<ByteString>> {

        private final Outlet<ByteString> out = Outlet.create("DocumentStream.out");
        private final SourceShape<ByteString> shape = SourceShape.of(out);

        @Override
        public SourceShape<ByteString> shape() {
            return shape;
        }

        @Override
        public GraphStageLogic createLogic(Attributes inheritedAttributes) {
            return new Logic();
        }

        private final class Logic extends GraphStageLogic {

            private final AsyncCallback<Done> onMore = createAsyncCallback(done -> advance());

            Logic() {
                super(shape);
                setHandler(out, new AbstractOutHandler() {
                    @Override
                    public void onPull() {
                        advance();
                    }
                });
            }

            @Override
            public void preStart() {
                tell(() -> onMore.invoke(Done.getInstance()));
            }

            private void advance() {
                if (!isAvailable(out)) {
                    return;
                }
                try {
                    EventLines lines = poll();
                    if (lines != null) {
                        push(out, lines.bytes());
                    } else if (isAtEnd()) {
                        complete(out);
                    }
                } catch (FeedLogException e) {
                    // Damage was told by the store, once for all who come upon it.
                    log.atLevel(e.isLasting() ? Level.DEBUG : Level.ERROR)
                            .log("A response is cut, the documents cannot be read: {}", e.getMessage());
                    fail(out, new Broken());
                }
            }
        }
    }
}
