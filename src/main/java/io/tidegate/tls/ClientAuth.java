package io.tidegate.tls;

/** Whether a client has to show a certificate. */
public enum ClientAuth {
    /** It is not asked for one. */
    NONE,
    /** It is asked; one that has none is served, too. */
    WANT,
    /** Without one it is not served. */
    REQUIRE
}
