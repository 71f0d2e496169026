package io.tidegate.rocksdb;

import io.tidegate.document.Reason;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Puts what RocksDB says into one line that names the store and what to do. */
final class Failures {

    private final StoreDirectory directory;

    Failures(StoreDirectory directory) {
        this.directory = directory;
    }

    FeedLogException opening(RocksDBException e) {
        return new FeedLogException("the store " + directory + " " + openingProblem(e), e);
    }

    private static String openingProblem(RocksDBException e) {
        String text = reason(e);
        if (text.contains("lock hold by current process")) {
            return "is open in this process already: close it there, or choose another directory";
        }
        if (text.contains("While lock file")) {
            return "is in use by another process: stop that one, or choose another directory";
        }
        if (text.contains("Column families not opened")) {
            return "was written by another version of the server (" + text
                    + "): use that version, or another directory";
        }
        if (isNoSpace(e)) {
            return "cannot be opened because its disk is full: free some space";
        }
        if (code(e) == Status.Code.Corruption) {
            return "is damaged (" + text + "): restore it from a backup, or move it away to start anew";
        }
        return "cannot be opened (" + text + "): check its disk, and that this user may write to the directory";
    }

    FeedLogException writing(RocksDBException e) {
        if (isNoSpace(e)) {
            return new FeedLogException(
                    "the disk of the store " + directory + " is full: free " + (Patience.ROOM_BYTES >> 20)
                            + " MiB or more, and updates are accepted again within seconds",
                    e);
        }
        return new FeedLogException(
                "the store " + directory + " cannot write (" + reason(e)
                        + "): it tries again with later updates; if this goes on, check its disk and restart the server",
                e);
    }

    FeedLogException reading(RocksDBException e) {
        return new FeedLogException(
                "the store " + directory + " cannot be read (" + reason(e) + "): check its disk", e);
    }

    private static boolean isNoSpace(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getSubCode() == Status.SubCode.NoSpace;
    }

    private static Status.@Nullable Code code(RocksDBException e) {
        Status status = e.getStatus();
        return status == null ? null : status.getCode();
    }

    static String reason(RocksDBException e) {
        return oneLine(e.getMessage());
    }

    static String reason(IOException e) {
        return Reason.of(e);
    }

    static String oneLine(@Nullable String text) {
        return text == null ? "no reason given" : text.strip().replaceAll("\\p{Cntrl}+", " ");
    }
}
