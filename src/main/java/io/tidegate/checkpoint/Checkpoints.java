package io.tidegate.checkpoint;

import io.tidegate.document.Directories;
import io.tidegate.document.Position;
import io.tidegate.document.Reason;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a server's store: taken in a directory inside the store's, where files are shared with it and cost no room, and
 * deleted when they are dropped, or when nobody has read them for a while.
 *
 * <p>Thread-safe. What takes time is done on the executor.
 */
public final class Checkpoints implements AutoCloseable {

    /** Inside the store's directory, since files are shared within a file system only. */
    public static final String DIRECTORY = "checkpoints";

    /** Most bytes of one answer. */
    public static final int PIECE_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    private static final int ID_BITS = 64;

    private static final class Held {

        private final Checkpoint checkpoint;
        private long readAtNanos;

        Held(Checkpoint checkpoint, long nowNanos) {
            this.checkpoint = checkpoint;
            readAtNanos = nowNanos;
        }
    }

    private final FeedLog log;
    private final Path directory;
    private final CheckpointSettings settings;
    private final Executor blocking;
    private final LongSupplier nanoClock;
    private final SecureRandom random = new SecureRandom();

    // Guarded by this.
    private final Map<String, Held> all = new HashMap<>();
    private int beingTaken;
    private boolean isClosed;

    /**
     * Has none yet; what a server left that was killed is deleted.
     *
     * @param store the directory of the store
     * @param blocking does what takes time
     */
    public Checkpoints(
            FeedLog log, Path store, CheckpointSettings settings, Executor blocking, LongSupplier nanoClock) {
        this.log = log;
        this.blocking = blocking;
        this.directory = store.resolve(DIRECTORY);
        this.settings = settings;
        this.nanoClock = nanoClock;
        delete(directory);
    }

    private interface Work<T> {
        Optional<T> done() throws FeedLogException;
    }

    private <T> CompletionStage<Optional<T>> run(Work<T> work) {
        var result = new CompletableFuture<Optional<T>>();
        blocking.execute(() -> {
            try {
                result.complete(work.done());
            } catch (FeedLogException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Takes one; empty if there are as many as may be. Fails if the store cannot be copied. */
    public CompletionStage<Optional<Checkpoint>> take() {
        return run(this::taken);
    }

    private Optional<Checkpoint> taken() throws FeedLogException {
        look();
        if (!begins()) {
            return Optional.empty();
        }
        String id = new BigInteger(ID_BITS, random).toString(Character.MAX_RADIX);
        Path copy = directory.resolve(id);
        Checkpoint taken = null;
        try {
            Files.createDirectories(directory);
            // Before the copy: what is appended meanwhile may be in it.
            Position position = head();
            log.copyTo(copy);
            taken = new Checkpoint(id, position, files(copy));
            return Optional.of(taken);
        } catch (IOException e) {
            throw new FeedLogException("the store cannot be copied: " + Reason.of(e), e);
        } finally {
            hold(copy, taken);
        }
    }

    private synchronized boolean begins() {
        boolean begins = !isClosed && all.size() + beingTaken < settings.most();
        beingTaken += begins ? 1 : 0;
        return begins;
    }

    private void hold(Path copy, @Nullable Checkpoint taken) {
        boolean isHeld;
        synchronized (this) {
            beingTaken--;
            isHeld = taken != null && !isClosed;
            if (isHeld && taken != null) {
                all.put(taken.id(), new Held(taken, nanoClock.getAsLong()));
            }
        }
        if (!isHeld) {
            delete(copy);
        }
    }

    private Position head() {
        Batch last = log.last();
        return new Position(log.epochs().newest(), last == null ? 0 : last.lastSeq());
    }

    private static List<Checkpoint.Part> files(Path copy) throws IOException {
        List<Checkpoint.Part> files = new ArrayList<>();
        try (Stream<Path> found = Files.list(copy)) {
            for (Path file : found.sorted().toList()) {
                files.add(new Checkpoint.Part(file.getFileName().toString(), Files.size(file)));
            }
        }
        return files;
    }

    /**
     * What a file of a checkpoint has from a place on, up to {@link #PIECE_BYTES}; nothing at its end.
     *
     * @return empty if there is no such checkpoint, or no such file in it
     */
    public CompletionStage<Optional<byte[]>> read(String id, String file, long from) {
        return run(() -> piece(id, file, from));
    }

    private Optional<byte[]> piece(String id, String file, long from) throws FeedLogException {
        if (!finds(id, file)) {
            return Optional.empty();
        }
        try (FileChannel open = FileChannel.open(directory.resolve(id).resolve(file), StandardOpenOption.READ)) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, Math.max(0, open.size() - from)));
            while (piece.hasRemaining() && open.read(piece, from + piece.position()) >= 0) {
                // Until it is full.
            }
            return Optional.of(piece.array());
        } catch (IOException e) {
            throw new FeedLogException("the checkpoint " + id + " cannot be read: " + Reason.of(e), e);
        }
    }

    private synchronized boolean finds(String id, String file) {
        Held held = all.get(id);
        if (held == null) {
            return false;
        }
        held.readAtNanos = nanoClock.getAsLong();
        return held.checkpoint.files().stream().anyMatch(part -> part.name().equals(file));
    }

    /** Deletes one; empty if there is none. */
    public CompletionStage<Optional<String>> drop(String id) {
        return run(() -> delete(id) ? Optional.of(id) : Optional.empty());
    }

    private boolean delete(String id) {
        boolean dropped;
        synchronized (this) {
            dropped = all.remove(id) != null;
        }
        if (dropped) {
            delete(directory.resolve(id));
        }
        return dropped;
    }

    /** Deletes those that nobody reads any more; to be called every now and then. Blocks for a moment. */
    public void look() {
        List<String> left;
        synchronized (this) {
            long now = nanoClock.getAsLong();
            left = all.values().stream()
                    .filter(held -> now - held.readAtNanos > settings.keepFor().toNanos())
                    .map(held -> held.checkpoint.id())
                    .toList();
        }
        left.forEach(this::delete);
    }

    private static void delete(Path directory) {
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            LOG.warn("The checkpoint {} cannot be deleted: {}", directory, Reason.of(e));
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            all.clear();
        }
        delete(directory);
    }
}
