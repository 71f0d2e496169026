package io.tidegate.document;

import java.net.InetSocketAddress;

/** Addresses as people read them, in logs and lists, and as operators may write them. */
public final class Addresses {

    private Addresses() {}

    public static String shown(InetSocketAddress address) {
        return shown(address.getHostString(), address.getPort());
    }

    /** The host in brackets if it has colons of its own. */
    public static String shown(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
