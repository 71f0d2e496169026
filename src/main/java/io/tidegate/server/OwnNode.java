package io.tidegate.server;

import io.tidegate.admin.Build;
import io.tidegate.document.Addresses;
import io.tidegate.listener.ListenerSettings;
import io.tidegate.shared.AdvertiseSettings;
import io.tidegate.shared.Node;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server tells other nodes of where it is: what its operator says, or else what its listeners are bound to.
 *
 * @param tcp where its listener of the line protocol is bound
 * @param http the same of that for HTTP
 * @param admin the same of that for operators
 */
record OwnNode(ServerSettings settings, InetSocketAddress tcp, InetSocketAddress http, InetSocketAddress admin) {

    private static final Logger log = LoggerFactory.getLogger(OwnNode.class);

    /** May ask the system for the name of the machine, which may take a while. */
    Node node() {
        AdvertiseSettings told = settings.order().limits().advertise();
        return Node.named(
                told.name().isEmpty() ? Addresses.shown(machine().orElse("localhost"), tcp.getPort()) : told.name(),
                Build.version(),
                address(told.tcp(), "", settings.tcp(), tcp),
                address(told.http(), scheme(settings.http()), settings.http(), http),
                address(
                        told.admin(),
                        scheme(settings.admin().listener()),
                        settings.admin().listener(),
                        admin));
    }

    private static String scheme(ListenerSettings listener) {
        return listener.tls().isOn() ? "https://" : "http://";
    }

    private static @Nullable String address(
            String told, String scheme, ListenerSettings listener, InetSocketAddress bound) {
        if (!told.equals(AdvertiseSettings.AUTO)) {
            return told.isEmpty() ? null : told;
        }
        // As it was written: over TLS the name is what a certificate is checked for.
        Optional<String> host = bound.getAddress().isAnyLocalAddress() ? machine() : Optional.of(listener.host());
        return host.map(name -> scheme + Addresses.shown(name, bound.getPort())).orElse(null);
    }

    private static Optional<String> machine() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            log.warn("The name of this machine is not known ({}): set tidegate.shared.advertise", e.getMessage());
            return Optional.empty();
        }
    }
}
