package io.tidegate.cli;

import io.tidegate.server.ServerConfig;
import io.tidegate.server.StartException;
import io.tidegate.server.StoreMove;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A feed that goes to a log or comes back from there. */
final class MovedStore {

    private MovedStore() {}

    /** Moves it, and says how to go on. */
    static String move(@Nullable Path config, boolean toLog) throws CommandEnd {
        ServerLog.warningsOnly();
        try {
            StoreMove move = StoreMove.of(ServerConfig.load(config));
            return toLog
                    ? "The feed goes on in the log from " + move.toLog()
                            + ": start the node with these settings, and further ones"
                            + " with its admin listener in shared.peers.addresses."
                    : "The feed goes on in the store from " + move.toStore()
                            + ": start the server with feed.order = local.";
        } catch (StartException e) {
            throw CommandEnd.failed(String.valueOf(e.getMessage()));
        }
    }
}
