package io.tidegate.admin;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which program runs, and on what. */
public final class Build {

    /** Maven puts it into the jar, be it the library or the one with all that is needed. */
    private static final String PROPERTIES = "/META-INF/maven/io.tidegate/tidegate/pom.properties";

    private static final String VERSION = read();

    private Build() {}

    /** Such as {@code 0.1.0}; {@code (not packaged)} if it does not run from a jar. */
    public static String version() {
        return VERSION;
    }

    /** Such as {@code 17.0.9 (Eclipse Adoptium)}. */
    public static String java() {
        return Runtime.version() + " (" + System.getProperty("java.vendor", "unknown vendor") + ")";
    }

    private static String read() {
        try (InputStream stream = Build.class.getResourceAsStream(PROPERTIES)) {
            var properties = new Properties();
            if (stream != null) {
                properties.load(stream);
            }
            return properties.getProperty("version", "(not packaged)");
        } catch (IOException e) {
            return "(unreadable)";
        }
    }
}
