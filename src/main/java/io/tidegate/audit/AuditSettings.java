package io.tidegate.audit;

import io.tidegate.settings.Section;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the audit goes, and how much of it.
 *
 * @param file of its own; empty if it goes with the log
 * @param queueLines that may wait to be written to it
 * @param refusalsPerAddress told of an address in a minute; the others are counted
 * @param addresses of which that is remembered, at most
 */
public record AuditSettings(Optional<Path> file, int queueLines, int refusalsPerAddress, int addresses) {

    /** Reads {@code tidegate.audit}. */
    public static AuditSettings from(Section audit) {
        return new AuditSettings(
                audit.fileIfNamed("file"),
                audit.number("queue-lines", 1, 1_000_000),
                audit.number("refusals-per-address", 1, 1_000_000),
                audit.number("addresses", 1, 1_000_000));
    }
}
