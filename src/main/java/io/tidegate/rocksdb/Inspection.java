package io.tidegate.rocksdb;

import io.tidegate.feed.Batch;
import io.tidegate.feed.Epochs;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a store before it is opened, and changes nothing: opening makes final whatever is lost.
 *
 * <p>RocksDB replays its write-ahead logs up to the first record that is not whole. After a crash that is the torn tail, and
 * right. But a flipped bit, or a file that was cut off, emptied or deleted, looks to it as if the store had never come further.
 * So what it finds is compared with the {@link Mark}, with the whole records that are in its files, and with itself: in the log
 * no number may be missing.
 */
final class Inspection {

    private static final Logger LOG = LoggerFactory.getLogger(Inspection.class);

    /**
     * What RocksDB finds.
     *
     * @param head the last update
     * @param sequence the last sequence number, as RocksDB counts
     * @param tables names of those that it knows of
     * @param hole the last update before some that are missing while later ones are there; -1 if none are
     */
    private record Found(Epochs epochs, long head, long sequence, Set<String> tables, long hole, boolean wasShared) {

        long lastWhole() {
            return hole < 0 ? head : hole;
        }
    }

    private final StoreDirectory directory;
    private final Consumer<String> warnings;
    private final List<WalFile> logs = new ArrayList<>();
    private Optional<Mark> mark = Optional.empty();

    private Inspection(StoreDirectory directory, Consumer<String> warnings) {
        this.directory = directory;
        this.warnings = warnings;
    }

    /**
     * Refuses a store that has lost what was acknowledged, unless the settings accept that, or other nodes have it: then that is told as a
     * warning, and the store goes on from what is left.
     */
    static void of(StoreDirectory directory, StoreSettings settings) throws FeedLogException {
        Found found = of(directory, settings.acceptLoss(), settings.sharedEpoch() != null, LOG::warn);
        if (found != null && found.head() > 0 && !Files.exists(directory.path().resolve(Mark.FILE))) {
            LOG.warn("{}", ofMark(directory, "missing"));
        }
    }

    /** The same for who tells warnings otherwise, and looks for the mark itself. */
    static void of(StoreDirectory directory, boolean acceptLoss, Consumer<String> warnings) throws FeedLogException {
        var unused = of(directory, acceptLoss, false, warnings);
    }

    private static String ofMark(StoreDirectory directory, String how) {
        return "The file " + Mark.FILE + " of the store " + directory + " is " + how
                + ": whether acknowledged updates are missing cannot be told for sure, and the next start goes on";
    }

    /** @param isShared whether other nodes have the updates as well, if they ever had: what is lost here comes again */
    private static @Nullable Found of(
            StoreDirectory directory, boolean acceptLoss, boolean isShared, Consumer<String> warnings)
            throws FeedLogException {
        if (!Files.exists(directory.path().resolve("CURRENT"))) {
            return null;
        }
        var inspection = new Inspection(directory, warnings);
        inspection.readMark();
        inspection.readLogs();
        Found found = inspection.find();
        if (found != null) {
            inspection.judge(found, acceptLoss || (isShared && found.wasShared()));
        }
        return found;
    }

    private void readMark() {
        try {
            mark = Mark.read(directory.path());
        } catch (IOException e) {
            warnings.accept(ofMark(directory, "damaged (" + Failures.reason(e) + ")"));
        }
    }

    private void readLogs() throws FeedLogException {
        try {
            for (Path path : directory.writeAheadLogs()) {
                logs.add(WalFile.read(path));
            }
        } catch (IOException e) {
            throw new FeedLogException(
                    "the write-ahead log of the store " + directory + " cannot be read (" + Failures.reason(e)
                            + "): check its disk",
                    e);
        }
        logs.sort(Comparator.comparingLong(WalFile::number));
    }

    /** Null if there is nothing to be found yet: a creation that was interrupted. */
    private @Nullable Found find() throws FeedLogException {
        try (Database database = Database.inspect(directory)) {
            if (StoreFormat.read(database, directory).isPresent() && !Database.hasAllFamilies(directory)) {
                throw listEndsTooSoon("the index of changes is not in it");
            }
            Batch last = database.log().last();
            long bytes = logs.stream().mapToLong(WalFile::bytes).sum();
            return new Found(
                    StoredEpochs.read(database, directory),
                    last == null ? 0 : last.lastSeq(),
                    database.latestSequence(),
                    Set.copyOf(database.tables()),
                    database.hole(bytes),
                    database.orderMemory().length > 0);
        } catch (RocksDBException e) {
            Status status = e.getStatus();
            if (status != null && status.getCode() == Status.Code.InvalidArgument) {
                if (isBegun()) {
                    throw listEndsTooSoon(Failures.reason(e));
                }
                return null;
            }
            throw new Failures(directory).opening(e);
        }
    }

    /**
     * Whether something was written to it. Before that all of its families are there: where one is missing then, it was cut off the list,
     * and RocksDB would make an empty one and delete what the logs have of it.
     */
    private boolean isBegun() {
        return Files.exists(directory.path().resolve(Mark.FILE))
                || logs.stream().anyMatch(log -> log.lastSequence() > 0)
                || Manifest.hasTables(directory);
    }

    private FeedLogException listEndsTooSoon(String missing) {
        return new FeedLogException("the store " + directory + " is damaged: " + Manifest.name(directory)
                + ", the list of its tables, ends too soon (" + missing + "): restore a backup");
    }

    private void judge(Found found, boolean acceptLoss) throws FeedLogException {
        Mark known = mark.orElse(null);
        boolean isBehindMark = known != null && !found.epochs().include(known.position(), found.head());
        boolean isBehindLogs = logs.stream().anyMatch(log -> log.lastSequence() > found.sequence());
        boolean hasHole = found.hole() >= 0;
        if (!isBehindMark && !isBehindLogs && !hasHole) {
            return;
        }
        if (known != null && known.allowsLoss() && !hasHole) {
            warnings.accept("A power cut has taken the end of the store " + directory
                    + ", which was open with durability = os: it goes on after update " + found.head()
                    + ", and clients that saw more start anew");
            return;
        }
        String what =
                "the store " + directory + " is damaged: " + where(found) + "; " + lost(found, known, isBehindLogs);
        if (!acceptLoss) {
            throw new FeedLogException(what + ": restore a backup, or start once with"
                    + " -Dtidegate.store.accept-loss=on to go on after update "
                    + String.format("%,d", found.lastWhole()));
        }
        warnings.accept(what + ": it goes on without them, as tidegate.store.accept-loss asks");
        setAsideBehindHole(found);
    }

    /** From the newest on: those in front of the hole hold what the store goes on from. */
    private void setAsideBehindHole(Found found) throws FeedLogException {
        Found left = found;
        while (left != null && left.hole() >= 0 && !logs.isEmpty()) {
            directory.setAside(logs.remove(logs.size() - 1));
            left = find();
        }
    }

    private String where(Found found) {
        return Manifest.damage(directory, found.tables(), found.lastWhole() + 1)
                .orElseGet(() -> whereInLogs(found.hole() >= 0));
    }

    private String whereInLogs(boolean hasHole) {
        if (hasHole) {
            return "a write-ahead log before " + firstBehindHole() + " is missing";
        }
        for (WalFile log : logs) {
            if (log.badAt() < log.bytes()) {
                return String.format(
                        "%s is not whole after byte %,d", log.path().getFileName(), log.badAt());
            }
        }
        return logs.isEmpty()
                ? "its write-ahead log is missing"
                : logs.get(logs.size() - 1).path().getFileName() + " ends too soon";
    }

    private String firstBehindHole() {
        WalFile before = null;
        for (WalFile log : logs) {
            if (before != null && log.firstSequence() > before.lastSequence() + 1) {
                return String.valueOf(log.path().getFileName());
            }
            before = log;
        }
        return logs.isEmpty() ? "its tables" : String.valueOf(logs.get(0).path().getFileName());
    }

    /** The mark is up to a second old: what is whole behind the damage may be younger, and is lost with it. */
    private static String lost(Found found, @Nullable Mark mark, boolean isBehindLogs) {
        long first = found.lastWhole() + 1;
        if (mark != null && mark.position().seq() >= first) {
            return String.format(
                    "updates %,d to %s%,d, which were acknowledged, are lost",
                    first, isBehindLogs ? "at least " : "", mark.position().seq());
        }
        return mark != null && !found.epochs().include(mark.position(), found.head())
                ? "it knows nothing of " + mark.position() + ", where it was"
                : String.format("updates from %,d on, which were acknowledged, are lost", first);
    }
}
