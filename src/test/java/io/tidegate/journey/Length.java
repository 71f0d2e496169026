package io.tidegate.journey;

/** How thorough a run is: short with every build, long with {@code mvn verify -Plong}. */
final class Length {

    static final boolean LONG = Boolean.getBoolean("journey.long");

    private Length() {}

    static int of(int inShort, int inLong) {
        return LONG ? inLong : inShort;
    }
}
