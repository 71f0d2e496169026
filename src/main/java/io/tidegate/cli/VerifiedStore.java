package io.tidegate.cli;

import io.tidegate.server.StartException;
import io.tidegate.server.StoreVerification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A store that was read.
 *
 * @param lines a line for each problem, and a summary
 * @param fields the same as JSON
 */
record VerifiedStore(boolean isWhole, List<String> lines, Map<String, Object> fields) {

    static VerifiedStore of(Path directory) throws CommandEnd {
        try {
            StoreVerification found = StoreVerification.of(directory);
            List<String> lines = new ArrayList<>(found.problems());
            lines.add(found.summary());
            return new VerifiedStore(found.isWhole(), lines, found.fields());
        } catch (StartException e) {
            throw CommandEnd.failed(String.valueOf(e.getMessage()));
        }
    }
}
