package io.tidegate.server;

import io.tidegate.access.Access;
import io.tidegate.access.AccessFileException;
import io.tidegate.access.AccessSettings;
import io.tidegate.access.CountedAttempts;
import io.tidegate.access.Failures;
import io.tidegate.access.Identities;
import io.tidegate.reload.Reloadable;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Who clients are.
 *
 * @param access gives them their passes
 * @param failures counts those who were nobody
 * @param files what it is made of; none if everybody may do everything
 */
record ClientIdentities(Access access, Failures failures, List<Reloadable> files) {

    /** Told by a program, or nobody is asked. */
    static ClientIdentities of(Access access) {
        return new ClientIdentities(access, new Failures(), List.of());
    }

    /**
     * As the settings say.
     *
     * @param verifying checks signatures
     * @param blocking fetches keys
     */
    static ClientIdentities open(
            AccessSettings settings, Executor verifying, Executor blocking, InstantSource clock, LongSupplier nanoClock)
            throws StartException {
        if (settings.isOpen()) {
            return of(Access.OPEN);
        }
        var failures = new Failures();
        try {
            Identities identities = Identities.open(settings, verifying, blocking, clock, failures);
            var attempts = new CountedAttempts(settings.attempts(), nanoClock, failures);
            return new ClientIdentities(new Access(identities, attempts, clock), failures, List.of(identities));
        } catch (AccessFileException e) {
            throw new StartException("tidegate.access: " + e.line(), e);
        }
    }
}
