package io.tidegate.access;

/** What became of an attempt to show an identity. */
public sealed interface Attempt {

    /** It is somebody's. */
    record Succeeded(Identity identity) implements Attempt {}

    /** It is nobody's; why does not matter to who shows it. */
    record Failed() implements Attempt {}

    /** It was not even looked at: too many have failed from there. */
    record Refused() implements Attempt {}
}
