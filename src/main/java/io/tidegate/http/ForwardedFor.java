package io.tidegate.http;

import io.tidegate.document.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For whom proxies ask, by the header {@code X-Forwarded-For}. Each adds the address that it was asked from at the end, so what counts is
 * the last one that is no proxy's: whatever stands before it may have been made up.
 *
 * @param trusted the proxies that are believed; nobody else's header is looked at
 */
public record ForwardedFor(List<Network> trusted) {

    /** Nobody is believed. */
    public static final ForwardedFor NONE = new ForwardedFor(List.of());

    private static final String NAME = "X-Forwarded-For";

    /** Some write the port behind the address, and then IPv6 in brackets. */
    private static final Pattern ELEMENT =
            Pattern.compile("([0-9.]+)(?::[0-9]{1,5})?|\\[([0-9A-Fa-f:.]+)](?::[0-9]{1,5})?|([0-9A-Fa-f:.]+)");

    public ForwardedFor {
        trusted = List.copyOf(trusted);
    }

    /**
     * From where a request comes.
     *
     * @param peer the other end of the connection
     * @return that if it is no proxy, or what it says cannot be read
     */
    InetAddress origin(HttpRequest request, InetAddress peer) {
        if (!isTrusted(peer)) {
            return peer;
        }
        String[] said = String.join(",", request.all(NAME)).split(",", -1);
        try {
            for (int i = said.length - 1; i >= 0; i--) {
                InetAddress address = address(said[i].strip());
                if (!isTrusted(address)) {
                    return address;
                }
            }
        } catch (IllegalArgumentException e) {
            // Malformed, or not there: the proxy itself asks, as far as anybody knows.
        }
        return peer;
    }

    private boolean isTrusted(InetAddress address) {
        return Network.anyIncludes(trusted, address);
    }

    private static InetAddress address(String element) {
        Matcher matcher = ELEMENT.matcher(element);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("that is no address");
        }
        String bracketed = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
        return Network.address(matcher.group(1) == null ? bracketed : matcher.group(1));
    }
}
