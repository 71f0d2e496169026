package io.tidegate.feed;

import akka.util.ByteString;
import io.tidegate.document.Document;
import io.tidegate.document.DocumentName;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The snapshots of a {@link MemoryFeedLog}: counted, and failing when a test tells them to. Thread-safe. */
final class MemorySnapshots {

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile @Nullable FeedLogException failure;

    /** Opening and reading them throw from now on; null: they work again. */
    void fail(@Nullable String message) {
        failure = message == null ? null : new FeedLogException(message);
    }

    private void requireWorking() throws FeedLogException {
        FeedLogException told = failure;
        if (told != null) {
            throw told;
        }
    }

    /** @param all the documents that it has, in their order */
    Snapshot open(long seq, List<Document> all) throws FeedLogException {
        requireWorking();
        open.incrementAndGet();
        return new View(seq, all);
    }

    /** How many are open. */
    int opened() {
        return open.get();
    }

    /** Waits, for 20 s at most, until so many are open. */
    void awaitOpened(int count) {
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (open.get() != count) {
            if (System.nanoTime() > giveUpAt) {
                throw new AssertionError("open snapshots: " + open.get());
            }
            Thread.onSpinWait();
        }
    }

    int reads() {
        return reads.get();
    }

    private final class View implements Snapshot {

        private final long seq;
        private final List<Document> all;
        private boolean closed;

        View(long seq, List<Document> all) {
            this.seq = seq;
            this.all = all;
        }

        @Override
        public long seq() {
            return seq;
        }

        @Override
        public @Nullable ByteString read(ByteString place, Sink sink) throws FeedLogException {
            if (closed) {
                throw new IllegalStateException("read after close");
            }
            reads.incrementAndGet();
            requireWorking();
            int next = indexOf(place);
            boolean wanted = true;
            while (wanted && next < all.size()) {
                wanted = sink.take(all.get(next));
                next++;
            }
            return next < all.size() ? ByteString.fromString(Integer.toString(next)) : null;
        }

        private int indexOf(ByteString place) {
            byte[] wanted = place.toArray();
            if (wanted.length == 0) {
                return 0;
            }
            if (wanted[wanted.length - 1] != 0) {
                return Integer.parseInt(place.utf8String());
            }
            int next = 0;
            while (next < all.size() && Arrays.compareUnsigned(behind(all.get(next)), wanted) <= 0) {
                next++;
            }
            return next;
        }

        private byte[] behind(Document document) {
            return Snapshot.behind(new DocumentName(document.collection(), document.key()))
                    .toArray();
        }

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("closed twice");
            }
            closed = true;
            open.decrementAndGet();
        }
    }
}
