package io.tidegate.rocksdb;

import io.tidegate.document.Reason;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what RocksDB says into one line that names the store and what to do. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    /** Then RocksDB tells itself which one is damaged; the list of tables it names also when one of them is. */
    private static final Pattern NAMES_A_TABLE = Pattern.compile("\\d{6,}\\.sst");

    private final StoreDirectory directory;

    Failures(StoreDirectory directory) {
        this.directory = directory;
    }

    FeedLogException opening(RocksDBException e) {
        return new FeedLogException("the store " + directory + " " + openingProblem(e), e);
    }

    private String openingProblem(RocksDBException e) {
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
        if (code(e) == Status.Code.Corruption || text.contains("No such file")) {
            return "is damaged (" + (NAMES_A_TABLE.matcher(text).find() ? "" : Tables.named(directory)) + text
                    + "): restore it from a backup, or move it away to start anew";
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
        if (code(e) == Status.Code.Corruption) {
            // RocksDB writes nothing more once its work in the background has come upon damage.
            return damaged(e);
        }
        return new FeedLogException(
                "the store " + directory + " cannot write (" + reason(e)
                        + "): it tries again with later updates; if this goes on, check its disk and restart the"
                        + " server",
                e);
    }

    /** How often it was said, at most: everybody who asks for what is damaged comes upon it. */
    private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong corruptions = new AtomicLong();
    private final AtomicLong reportedNanos = new AtomicLong(System.nanoTime() - REPORT_NANOS);

    /** Something was found that is not what was written. */
    long corruptions() {
        return corruptions.get();
    }

    private FeedLogException damaged(RocksDBException e) {
        corruptions.incrementAndGet();
        String message = "the store " + directory + " is damaged (" + reason(e) + "): restore it from a backup";
        long before = reportedNanos.get();
        long now = System.nanoTime();
        if (now - before >= REPORT_NANOS && reportedNanos.compareAndSet(before, now)) {
            LOG.error("What is asked for cannot be read, {} times by now: {}", corruptions, message);
        }
        return FeedLogException.lasting(message, e);
    }

    FeedLogException reading(RocksDBException e) {
        if (code(e) == Status.Code.Corruption) {
            return damaged(e);
        }
        return new FeedLogException(
                "the store " + directory + " cannot be read (" + reason(e) + "): check its disk", e);
    }

    /** What RocksDB can read and we cannot, said as it says it of what it cannot read itself. */
    static RocksDBException corruption(String message) {
        return new RocksDBException(message, new Status(Status.Code.Corruption, Status.SubCode.None, null));
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
