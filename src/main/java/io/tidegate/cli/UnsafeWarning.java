package io.tidegate.cli;

/**
 * The warning that JDK 24 and later print when a library calls sun.misc.Unsafe for memory, as Akka's Scala runtime does.
 * The user of this server can do nothing about it, and no manifest entry answers it as one does for native access.
 */
final class UnsafeWarning {

    private UnsafeWarning() {}

    /** Makes the JDK believe that it has warned. Must come before the first class of Akka. */
    static void silence() {
        try {
            var warned = Class.forName("sun.misc.Unsafe").getDeclaredField("memoryAccessWarned");
            warned.setAccessible(true);
            warned.setBoolean(null, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A JDK that does not warn (before 24), or one that is built differently and warns.
        }
    }
}
