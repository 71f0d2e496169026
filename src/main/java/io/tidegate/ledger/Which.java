package io.tidegate.ledger;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which connections are meant. */
public sealed interface Which {

    /**
     * Whether it is one of them.
     *
     * @param identity name of who the client is; empty if it has shown nothing
     */
    boolean includes(long id, String listener, InetSocketAddress peer, String identity);

    /**
     * Reads what operators write: {@code 17}, {@code id=17,18}, {@code listener=tcp}, {@code remote=10.0.0.7} or {@code identity=desk}.
     *
     * @throws IllegalArgumentException if it is none of these; to end all there are by leaving a word out would be too easy
     */
    static Which parse(String text) {
        if (text.startsWith("listener=")) {
            return new Listener(text.substring("listener=".length()));
        } else if (text.startsWith("identity=") && text.length() > "identity=".length()) {
            return new Identity(text.substring("identity=".length()));
        } else if (text.startsWith("remote=")) {
            return Remote.parse(text.substring("remote=".length()));
        } else if (text.matches("\\d{1,18}")) {
            return new Id(Long.parseLong(text));
        } else if (text.startsWith("id=")) {
            return Ids.parse(text.substring("id=".length()));
        }
        throw none();
    }

    private static IllegalArgumentException none() {
        return new IllegalArgumentException(
                "say which connections: by an id such as 17, by id=17,18, listener=NAME, remote=ADDRESS or identity=NAME");
    }

    /** One connection. */
    record Id(long id) implements Which {
        @Override
        public boolean includes(long other, String listener, InetSocketAddress peer, String identity) {
            return other == id;
        }
    }

    /** Some, each by its number. */
    record Ids(Set<Long> ids) implements Which {

        /** More than that are told to end by several requests. */
        private static final int MOST = 1000;

        // A pattern for all of them would recurse for each.
        private static Ids parse(String text) {
            String[] numbers = text.split(",", -1);
            if (numbers.length > MOST) {
                throw new IllegalArgumentException("id= takes " + MOST + " numbers at most, not " + numbers.length
                        + ": say the others after that");
            }
            if (!Stream.of(numbers).allMatch(each -> each.matches("\\d{1,18}"))) {
                throw none();
            }
            return new Ids(Stream.of(numbers).map(Long::valueOf).collect(Collectors.toUnmodifiableSet()));
        }

        @Override
        public boolean includes(long id, String listener, InetSocketAddress peer, String identity) {
            return ids.contains(id);
        }
    }

    /** All that were accepted by the listener of that name. */
    record Listener(String name) implements Which {
        @Override
        public boolean includes(long id, String listener, InetSocketAddress peer, String identity) {
            return listener.equals(name);
        }
    }

    /** All of one identity. */
    record Identity(String name) implements Which {
        @Override
        public boolean includes(long id, String listener, InetSocketAddress peer, String identity) {
            return identity.equals(name);
        }
    }

    /**
     * All from one address.
     *
     * @param port 0 for all of that address
     */
    record Remote(InetAddress address, int port) implements Which {

        private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
        private static final Pattern IPV4 = Pattern.compile("((?:" + OCTET + "\\.){3}" + OCTET + ")(?::(\\d{1,5}))?");
        private static final Pattern IPV6 = Pattern.compile("\\[?([\\p{XDigit}:.]*:[\\p{XDigit}:.%\\w]*)]?");
        private static final Pattern IPV6_AND_PORT = Pattern.compile("\\[([^\\]]+)]:(\\d{1,5})");

        /**
         * Reads an address as lists of connections show it, with its port or without: {@code 10.0.0.7}, {@code 10.0.0.7:51234},
         * {@code [::1]:51234}. Names are not looked up.
         *
         * @throws IllegalArgumentException if it is none
         */
        public static Remote parse(String text) {
            Matcher ipv4 = IPV4.matcher(text);
            if (ipv4.matches()) {
                return new Remote(literal(ipv4.group(1)), ipv4.group(2) == null ? 0 : port(ipv4.group(2)));
            }
            Matcher ipv6AndPort = IPV6_AND_PORT.matcher(text);
            if (ipv6AndPort.matches() && IPV6.matcher(ipv6AndPort.group(1)).matches()) {
                return new Remote(literal(ipv6AndPort.group(1)), port(ipv6AndPort.group(2)));
            }
            Matcher ipv6 = IPV6.matcher(text);
            if (ipv6.matches()) {
                return new Remote(literal(ipv6.group(1)), 0);
            }
            throw new IllegalArgumentException(
                    "not an address such as 10.0.0.7, 10.0.0.7:51234 or [::1]:51234: " + text);
        }

        private static InetAddress literal(String text) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("not an address: " + text, e);
            }
        }

        private static int port(String digits) {
            int port = Integer.parseInt(digits);
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("not a port: " + digits);
            }
            return port;
        }

        @Override
        public boolean includes(long id, String listener, InetSocketAddress peer, String identity) {
            return address.equals(peer.getAddress()) && (port == 0 || port == peer.getPort());
        }
    }
}
