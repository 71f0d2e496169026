package io.tidegate.shared;

import io.tidegate.settings.Section;
import java.util.regex.Pattern;

/**
 * What a node tells the others of where it is.
 *
 * @param name by which operators know it; empty for the machine's name and the port of the line protocol
 * @param tcp where clients reach its line protocol, {@code host:port}; {@link #AUTO} for where it is bound, empty if they do not
 * @param http the same over HTTP, as a URL
 * @param admin the same of the admin listener
 */
public record AdvertiseSettings(String name, String tcp, String http, String admin) {

    /** What a listener is bound to. */
    public static final String AUTO = "auto";

    private static final Pattern NAME = Pattern.compile("[\\p{Graph}&&\\p{ASCII}]{0,100}");
    private static final String HOST_AND_PORT = "([^\\[\\]\\s/:@\"]{1,255}|\\[[0-9A-Fa-f:.%]{2,100}])(:\\d{1,5})";
    private static final Pattern TCP = Pattern.compile(HOST_AND_PORT);
    private static final Pattern URL = Pattern.compile("https?://" + HOST_AND_PORT + "?");

    /** Reads {@code tidegate.shared.advertise}. */
    static AdvertiseSettings from(Section advertise) {
        return new AdvertiseSettings(
                advertise.text(
                        "name", "nothing, or 1 to 100 characters of ASCII without spaces", text -> NAME.matcher(text)
                                .matches()),
                address(advertise, "tcp", TCP, "an address such as node-1.example.org:8989"),
                address(advertise, "http", URL, "a URL without a path such as https://node-1.example.org:8080"),
                address(advertise, "admin", URL, "a URL without a path such as http://10.0.0.5:8990"));
    }

    private static String address(Section advertise, String key, Pattern form, String allowed) {
        return advertise.text(
                key,
                "auto, nothing, or " + allowed,
                text -> text.isEmpty()
                        || text.equals(AUTO)
                        || form.matcher(text).matches());
    }
}
