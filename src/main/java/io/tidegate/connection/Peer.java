package io.tidegate.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who is at the other end of a connection, as far as the connection tells.
 *
 * @param certificates that it has shown, and that were verified: its own first; none without TLS, or if it has shown none
 */
public record Peer(InetSocketAddress address, List<X509Certificate> certificates) {

    /** The program that the server is part of. */
    static final Peer PROGRAM = at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

    public Peer {
        certificates = List.copyOf(certificates);
    }

    /** Whether it is a program of this machine, for which an address of loopback is of use. */
    boolean isLocal() {
        return address.getAddress().isLoopbackAddress();
    }

    /** The same, if a proxy says that it asks for somebody at another address; of that the port is not known. */
    public Peer askingFor(InetAddress other) {
        return other.equals(address.getAddress()) ? this : new Peer(new InetSocketAddress(other, 0), certificates);
    }

    /** One of whom only the address is known. */
    public static Peer at(InetSocketAddress address) {
        return new Peer(address, List.of());
    }
}
