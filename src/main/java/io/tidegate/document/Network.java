package io.tidegate.document;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * Addresses that begin alike. Immutable; equal if they are the same.
 *
 * <p>As text: {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a single address.
 */
public final class Network {

    /** What is given to a single customer, as a rule (RFC 6177): to count each of its addresses would count nothing. */
    private static final int CUSTOMER_BITS = 64;

    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    /** Only what is written as an address: a name would be looked up, and so would 999.1.1.1. */
    private static final Pattern ADDRESS =
            Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

    private final byte[] beginning;
    private final int bits;

    private Network(byte[] address, int bits) {
        this.beginning = masked(address, bits);
        this.bits = bits;
    }

    /** The addresses that count as one: an IPv4 address, or an IPv6 network of 64 bits. */
    public static Network of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return new Network(bytes, Math.min(bytes.length * Byte.SIZE, CUSTOMER_BITS));
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash)).getAddress();
        int most = address.length * Byte.SIZE;
        int bits = slash < 0 ? most : bits(text.substring(slash + 1), most);
        return new Network(address, bits);
    }

    /**
     * Reads an address, never a name.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static InetAddress address(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            throw new IllegalArgumentException("that is no address");
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("that is no address", e);
        }
    }

    private static int bits(String text, int most) {
        int bits = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("behind the / stands how many bits are alike, up to " + most);
        }
        return bits;
    }

    private static byte[] masked(byte[] address, int bits) {
        byte[] masked = Arrays.copyOf(address, address.length);
        for (int bit = bits; bit < address.length * Byte.SIZE; bit++) {
            masked[bit / Byte.SIZE] &= (byte) ~(0x80 >> (bit % Byte.SIZE));
        }
        return masked;
    }

    public boolean includes(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == beginning.length && Arrays.equals(masked(bytes, bits), beginning);
    }

    /** Whether one of these includes it. */
    public static boolean anyIncludes(Collection<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.includes(address));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network that && bits == that.bits && Arrays.equals(beginning, that.beginning);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(beginning) * 31 + bits;
    }

    @Override
    public String toString() {
        try {
            String address = InetAddress.getByAddress(beginning).getHostAddress();
            return bits == beginning.length * Byte.SIZE ? address : address + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
