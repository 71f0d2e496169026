package io.tidegate.server;

import io.tidegate.checkpoint.Checkpoint;
import io.tidegate.checkpoint.Fetch;
import io.tidegate.document.Position;
import io.tidegate.document.Reason;
import io.tidegate.feed.FeedLogException;
import io.tidegate.rocksdb.StoreTransfer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Copies of a store: one is made while a server goes on with it, and put back where no server has it open. */
public final class StoreCopies {

    private StoreCopies() {}

    /**
     * A copy that was made.
     *
     * @param position of the newest update that is in it, at least
     */
    public record Backup(Position position, long bytes) {}

    /**
     * A copy that is the store now.
     *
     * @param summary what is in it, in one line
     * @param aside where the store is that was there; empty if there was none
     */
    public record Restored(String summary, Optional<Path> aside) {}

    /**
     * Has a server copy its store as it is at one moment, and fetches that.
     *
     * @param admin its admin listener
     * @param token of somebody with the right admin; empty for nobody's
     * @param patience for each answer
     * @param to a directory that is empty, or is not there yet
     * @throws StartException in one line: there is no copy
     */
    public static Backup take(URI admin, String token, HttpClient client, Duration patience, Path to)
            throws StartException {
        try {
            StoreTransfer transfer = StoreTransfer.of(to);
            requireRoom(to, transfer);
            return transfer.receive(incoming -> {
                Checkpoint copy = new Fetch(admin, token, client, patience).into(incoming);
                transfer.mark(copy.position());
                return new Backup(copy.position(), copy.bytes());
            });
        } catch (IOException e) {
            throw new StartException("no backup: " + Reason.of(e), e);
        } catch (FeedLogException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireRoom(Path to, StoreTransfer transfer) throws IOException, StartException {
        if (Files.exists(to) && !Files.isDirectory(to)) {
            throw new StartException(to + " is a file: name a directory that is empty, or not there yet");
        }
        if (!transfer.isVacant()) {
            throw new StartException(to + " is not empty: name a directory that is, or that is not there yet");
        }
    }

    /**
     * Puts a copy in the place of a store that no server has open. All of the copy is read before, and it stays.
     *
     * @throws StartException in one line, and nothing was changed: the copy is damaged, or the store is in use
     */
    public static Restored restore(Path copy, Path store) throws StartException {
        StoreVerification found = StoreVerification.ofCopy(copy);
        if (!found.isWhole()) {
            throw new StartException("the copy " + copy + " is damaged, and the store was left as it is: "
                    + String.join("; ", found.problems()));
        }
        try {
            if (Files.exists(store) && Files.isSameFile(copy, store)) {
                throw new StartException(copy + " is the store itself: name a copy of it");
            }
            return new Restored(found.summary(), StoreTransfer.of(store).restore(copy));
        } catch (IOException e) {
            throw new StartException("the store " + store + " cannot be read: " + Reason.of(e), e);
        } catch (FeedLogException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }
}
