package io.tidegate.access;

import java.net.InetAddress;

/** Hears of those who were nobody: for those who operate the server. Thread-safe; does not block. */
public interface Refusals {

    /** Where nobody listens. */
    Refusals UNHEARD = (why, from, transport) -> {};

    /**
     * Something was shown that is nobody's.
     *
     * @param transport how the client is spoken to
     */
    void refused(FailureReason why, InetAddress from, String transport);
}
