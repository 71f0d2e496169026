package io.tidegate.cli;

import io.tidegate.server.ServerConfig;
import io.tidegate.server.ServerSettings;
import io.tidegate.server.StartException;
import io.tidegate.server.StoreCopies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A copy of a store that is put back. */
final class RestoredStore {

    private RestoredStore() {}

    /**
     * Puts it back, and says what came of it.
     *
     * @param store null for that of the settings
     */
    static List<String> restore(Path copy, @Nullable Path store, @Nullable Path config) throws CommandEnd {
        ServerLog.warningsOnly();
        try {
            Path place = store == null
                    ? ServerSettings.from(ServerConfig.load(config)).storeDirectory()
                    : store;
            StoreCopies.Restored restored = StoreCopies.restore(copy, place);
            List<String> lines = new ArrayList<>();
            lines.add(restored.summary());
            lines.add("restored to " + place.toAbsolutePath().normalize());
            restored.aside().ifPresent(aside -> lines.add("the store that was there is in " + aside));
            return lines;
        } catch (StartException e) {
            throw CommandEnd.failed(String.valueOf(e.getMessage()));
        }
    }
}
