package io.tidegate.access;

import java.util.Locale;

/** Why somebody is nobody: for those who operate the server, never for who has tried. */
public enum FailureReason {
    /** No form that a token has. */
    MALFORMED,
    /** A token that is not in the file. */
    UNKNOWN,
    /** Its time is over. */
    EXPIRED,
    /** A JWT whose time has not come. */
    EARLY,
    /** A JWT of an issuer that is not known. */
    ISSUER,
    /** A JWT for somebody else. */
    AUDIENCE,
    /** A JWT with an algorithm that its issuer is not known to use. */
    ALGORITHM,
    /** A JWT of a key that is not known. */
    KEY,
    /** A JWT that its key has not signed. */
    SIGNATURE,
    /** A JWT whose claims do not say who it is for, until when, or what that allows. */
    CLAIMS,
    /** A name that cannot be put into the rights that it is to have. */
    NAME,
    /** A certificate without a name that anything is granted to. */
    CERTIFICATE,
    /** A ticket that nobody was given, or that was used, or is too old. */
    TICKET,
    /** More work than the server takes on. */
    BUSY,
    /** From an address with too many failures; what was shown is not looked at. */
    ADDRESS;

    /** As metrics call it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
