package io.tidegate.server;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.connection.ConnectionSettings;
import io.tidegate.connection.Offer;
import io.tidegate.connection.Threads;
import io.tidegate.document.Addresses;
import io.tidegate.document.Reason;
import io.tidegate.listener.Admission;
import io.tidegate.listener.Listener;
import io.tidegate.listener.ListenerSettings;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of the data: bound together, served together, unbound together. */
record Listeners(Listener tcp, Listener http, List<Exposure> exposures) {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    /** Binds all of them, or none; clients can connect, and wait until they are served. */
    static Listeners bind(ActorSystem<?> system, ServerSettings settings, boolean isOpen, LongSupplier nanoClock)
            throws StartException {
        Listener tcp = bind(system, "tcp", settings.tcp(), isOpen, nanoClock);
        try {
            Listener http = bind(system, "http", settings.http(), isOpen, nanoClock);
            return new Listeners(
                    tcp,
                    http,
                    List.of(
                            Exposure.of("tcp", settings.tcp(), tcp.localAddress(), isOpen),
                            Exposure.of("http", settings.http(), http.localAddress(), isOpen)));
        } catch (StartException e) {
            tcp.turnAway().toCompletableFuture().join();
            throw e;
        }
    }

    /** @param isOpen whether nobody is asked who they are */
    static Listener bind(
            ActorSystem<?> system, String name, ListenerSettings address, boolean isOpen, LongSupplier nanoClock)
            throws StartException {
        Listener listener = bound(system, name, address, nanoClock);
        try {
            Exposure.of(name, address, listener.localAddress(), isOpen).require(address.insecure());
            return listener;
        } catch (StartException e) {
            listener.turnAway().toCompletableFuture().join();
            throw e;
        }
    }

    private static Listener bound(ActorSystem<?> system, String name, ListenerSettings address, LongSupplier nanoClock)
            throws StartException {
        try {
            return Listener.bind(system, name, address, nanoClock)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new StartException(
                    "cannot bind " + Addresses.shown(address.host(), address.port()) + ": " + Reason.of(e)
                            + "; set tidegate." + name + ".host or tidegate." + name
                            + ".port, or stop what listens there",
                    e);
        }
    }

    /** Accepts clients from now on, those that waited first. */
    void serve(
            Threads threads,
            Offer lines,
            Offer requests,
            ConnectionSettings connections,
            Admission admission,
            ActorRef<ConnectionManager.Command> manager) {
        tcp.serve(threads, lines, connections, admission, manager);
        http.serve(threads, requests, connections, admission, manager);
        all().forEach(Listeners::tell);
        exposures.forEach(each -> each.tell("read and change all documents"));
    }

    /** Says where a listener listens. */
    static void tell(Listener listener) {
        log.info("Listening on {} ({})", Addresses.shown(listener.localAddress()), listener.name());
    }

    /** Sends FIN to the clients that wait, and unbinds; blocks until that is done. */
    void turnAway() {
        for (Listener listener : all()) {
            listener.turnAway().toCompletableFuture().join();
        }
    }

    List<Listener> all() {
        return List.of(tcp, http);
    }
}
