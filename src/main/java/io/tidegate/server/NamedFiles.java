package io.tidegate.server;

import java.time.InstantSource;
import java.util.concurrent.Executor;

/** The files that settings name, read as a start reads them: certificates and keys of listeners, tokens, keys of issuers. */
public final class NamedFiles {

    /** Neither is anything fetched nor is there anybody who shows a token. */
    private static final Executor NONE = task -> {};

    private NamedFiles() {}

    /**
     * Reads them; nothing is bound, fetched or changed.
     *
     * @throws StartException in one line, if one is of no use
     */
    public static void check(ServerSettings settings) throws StartException {
        InstantSource clock = InstantSource.system();
        var unusedCertificates = ListenerCertificates.load(settings, clock);
        var unusedIdentities = ClientIdentities.open(settings.access(), NONE, NONE, clock, System::nanoTime);
    }
}
