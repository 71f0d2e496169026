package io.tidegate.server;

import io.tidegate.access.Refusals;
import io.tidegate.audit.Audit;
import io.tidegate.audit.AuditSettings;
import io.tidegate.document.Reason;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloadable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.LongSupplier;

/** What the audit hears of the parts of a server. */
record Auditing(Audit audit) {

    private static final Set<CloseReason> ENDS_OF_RIGHTS = Set.of(CloseReason.EXPIRED, CloseReason.REVOKED);

    static Auditing open(AuditSettings settings, InstantSource clock, LongSupplier nanoClock) throws StartException {
        try {
            return new Auditing(Audit.open(settings, clock, nanoClock));
        } catch (IOException e) {
            throw new StartException(
                    "cannot write the file of tidegate.audit.file, "
                            + settings.file().orElseThrow() + ": " + Reason.of(e)
                            + "; its directory has to be there, and be the server's to write",
                    e);
        }
    }

    /** Of those who were nobody on a listener. */
    Refusals of(String listener) {
        return (why, from, transport) -> audit.refused(why.toString(), "", from, listener, transport);
    }

    /** Of a connection that ended. */
    void ended(LedgerEntry entry) {
        CloseReason reason = entry.ending().reason();
        if (ENDS_OF_RIGHTS.contains(reason)) {
            audit.ended(
                    reason.code(),
                    entry.identity(),
                    entry.peer().getAddress(),
                    entry.listener(),
                    entry.transport().code(),
                    entry.id());
        }
    }

    /** Of files, whenever something comes of reading them. */
    Reloadable of(Reloadable part) {
        return new Heard(part, audit);
    }

    private record Heard(Reloadable part, Audit audit) implements Reloadable {

        @Override
        public String what() {
            return part.what();
        }

        @Override
        public Reload reload(Trigger trigger) {
            Reload reload = part.reload(trigger);
            if (reload.result() != Reload.Result.UNCHANGED) {
                audit.reloaded(what(), reload.result().code(), reload.line());
            }
            return reload;
        }
    }
}
