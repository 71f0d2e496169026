package io.tidegate.server;

import io.tidegate.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * From whom a node of a shared feed has the store that it does not have.
 *
 * @param addresses admin listeners of other nodes, such as {@code http://10.0.0.5:8990}
 * @param fetchFrom with fewer entries in the shared log it is read from its beginning instead
 * @param tokenFile has the token by which the others know this node; empty if they ask nobody
 * @param authorities PEM, who confirms the others; empty for whom this machine's Java trusts
 * @param timeout for each answer
 */
public record PeerSettings(
        List<String> addresses,
        long fetchFrom,
        Optional<Path> tokenFile,
        Optional<Path> authorities,
        Duration timeout) {

    /** Reads {@code tidegate.shared.peers}. */
    static PeerSettings from(Section peers) {
        return new PeerSettings(
                peers.list(
                        "addresses",
                        "a list of admin listeners of other nodes, such as [\"http://10.0.0.5:8990\"]",
                        address -> address.matches("https?://[^/\\s]+")),
                peers.number("fetch-from", 0L, Long.MAX_VALUE),
                peers.fileIfNamed("token-file"),
                peers.fileIfNamed("ca"),
                peers.duration("timeout", Duration.ofSeconds(1), Duration.ofHours(1)));
    }
}
