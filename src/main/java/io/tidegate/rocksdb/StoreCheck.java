package io.tidegate.rocksdb;

import io.tidegate.feed.Epochs;
import io.tidegate.feed.EventEncoder;
import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Reads all of a store that nobody has open, and changes nothing: first what the start looks at, then every table, then what is in
 * them, see {@link ContentsCheck}.
 */
public final class StoreCheck {

    private final StoreDirectory directory;
    private final EventEncoder encoder;
    private final Problems problems = new Problems();

    private StoreCheck(StoreDirectory directory, EventEncoder encoder) {
        this.directory = directory;
        this.encoder = encoder;
    }

    /**
     * Reads it, and holds its locks meanwhile.
     *
     * @param encoder which made the lines of its log
     * @throws FeedLogException if there is no store, or somebody has it open
     */
    @SuppressWarnings("try") // The locks are held, and not asked anything.
    public static StoreReport of(Path path, EventEncoder encoder) throws FeedLogException {
        StoreDirectory directory = StoreDirectory.existing(path);
        try (HeldLocks locks = HeldLocks.of(directory.path())) {
            return new StoreCheck(directory, encoder).report();
        }
    }

    /** The same for a copy: that others may read it, or that nothing tells how far the store had come, is nothing that it lacks. */
    @SuppressWarnings("try") // The locks are held, and not asked anything.
    public static StoreReport ofCopy(Path path, EventEncoder encoder) throws FeedLogException {
        StoreDirectory directory = StoreDirectory.existing(path);
        try (HeldLocks locks = HeldLocks.of(directory.path())) {
            var check = new StoreCheck(directory, encoder);
            check.inspect();
            return check.read();
        }
    }

    private StoreReport report() throws FeedLogException {
        try {
            directory.openToOthers().forEach(problems::add);
        } catch (IOException e) {
            throw unreadable(e);
        }
        if (!Files.exists(directory.path().resolve(Mark.FILE))) {
            problems.add(
                    Mark.FILE,
                    "it is missing: whether acknowledged updates are cannot be told for sure, and the next start goes on");
        }
        inspect();
        return read();
    }

    private StoreReport read() throws FeedLogException {
        try {
            return contents();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private FeedLogException unreadable(IOException e) {
        return new FeedLogException(
                "the store " + directory + " cannot be read (" + Failures.reason(e) + "): check its disk", e);
    }

    /** What would refuse it, or warn of it. */
    private void inspect() {
        try {
            Inspection.of(directory, false, warning -> problems.add("start", warning));
        } catch (FeedLogException e) {
            problems.add("start", String.valueOf(e.getMessage()));
        }
    }

    private StoreReport contents() throws IOException, FeedLogException {
        try (Database database = Database.inspectAll(directory)) {
            for (String name : database.tables()) {
                Tables.damage(directory.path().resolve(name)).ifPresent(why -> table(name, why));
            }
            return contents(database);
        } catch (RocksDBException e) {
            problems.damage("database", "it cannot be opened (" + Failures.reason(e) + ")");
        } catch (FeedLogException e) {
            problems.add("database", String.valueOf(e.getMessage()));
        }
        Tables.damaged(directory).forEach(this::table);
        return report(null, null, new ContentsCheck.Found());
    }

    private void table(String name, String why) {
        problems.damage(name, "it cannot be read (" + why + ")");
    }

    private StoreReport contents(Database database) throws RocksDBException {
        StoreFormat format = null;
        Epochs epochs = null;
        try {
            format = StoreFormat.read(database, directory);
            epochs = StoredEpochs.read(database, directory);
        } catch (FeedLogException e) {
            problems.add("epochs", String.valueOf(e.getMessage()));
        }
        ContentsCheck.Found found = ContentsCheck.of(database, encoder, problems);
        return report(format, epochs, found);
    }

    private StoreReport report(@Nullable StoreFormat format, @Nullable Epochs epochs, ContentsCheck.Found found) {
        Epochs numbered = epochs == null || epochs.isEmpty() || found.updates == 0 ? null : epochs;
        return new StoreReport(
                directory.path(),
                format == null ? null : format.name(),
                found.documents,
                found.updates,
                numbered == null ? null : numbered.of(found.first),
                numbered == null ? null : numbered.of(found.last),
                epochs == null ? 0 : epochs.count(),
                List.copyOf(problems.found()),
                problems.more());
    }
}
