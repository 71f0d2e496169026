package io.tidegate.http;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who is asked, as a URI and the header {@code Host} name it (RFC 3986, section 3.2): a host, perhaps with a port, and no user.
 *
 * <p>A name has a dot at its end or none, and is the same; with two dots in a row it is none.
 *
 * @param host in lower case and without a dot at its end; an IPv6 address has its brackets; empty if nobody is named
 * @param port -1 if there is none
 */
record Authority(String host, int port) {

    private static final Pattern FORM =
            Pattern.compile("(\\[[0-9a-f.]*+:[0-9a-f:.]*+]|[a-z0-9._~!$&'()*+,;=%-]*)(?::([0-9]{0,5}))?");

    private static final Pattern IP_V4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");

    private static final int LAST_PORT = 65_535;

    /** Reads one; null if it is none. */
    static @Nullable Authority parse(String text) {
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            return null;
        }
        String digits = form.group(2);
        int port = digits == null || digits.isEmpty() ? -1 : Integer.parseInt(digits);
        String host = form.group(1);
        if (port > LAST_PORT || host.equals(".") || host.contains("..")) {
            return null;
        }
        return new Authority(host.endsWith(".") ? host.substring(0, host.length() - 1) : host, port);
    }

    /** Whether it names nobody. */
    boolean isEmpty() {
        return host.isEmpty();
    }

    /** Whether the host is an address: nobody can point it elsewhere, as a name can be. */
    boolean isAddress() {
        return host.startsWith("[") || IP_V4.matcher(host).matches();
    }

    /** Whether both are the same host and port for a scheme that has this port where none is given. */
    boolean isSame(Authority other, int schemePort) {
        return host.equals(other.host) && portOr(schemePort) == other.portOr(schemePort);
    }

    private int portOr(int schemePort) {
        return port < 0 ? schemePort : port;
    }
}
