package io.tidegate.listener;

import akka.Done;
import akka.NotUsed;
import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.stream.Materializer;
import akka.stream.SystemMaterializer;
import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import io.tidegate.connection.Carriers;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.connection.ConnectionSettings;
import io.tidegate.connection.Ledger;
import io.tidegate.connection.SocketConnection;
import io.tidegate.feed.Feed;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts TCP connections, runs the flow of each, and introduces it to the {@link ConnectionManager}. */
public final class TcpListener {

    /** What it is called in lists of connections. */
    private static final String NAME = "tcp";

    private static final Logger log = LoggerFactory.getLogger(TcpListener.class);

    private final InetSocketAddress localAddress;
    private final akka.actor.ActorRef acceptor;
    private final Acceptor.Progress progress;

    private TcpListener(InetSocketAddress localAddress, akka.actor.ActorRef acceptor, Acceptor.Progress progress) {
        this.localAddress = localAddress;
        this.acceptor = acceptor;
        this.progress = progress;
    }

    /**
     * Binds.
     *
     * @return fails if the address cannot be had
     */
    public static CompletionStage<TcpListener> bind(
            ActorSystem<?> system,
            TcpSettings settings,
            ConnectionSettings connections,
            Feed feed,
            Carriers carriers,
            ActorRef<ConnectionManager.Command> manager,
            Ledger ledger) {
        var capture = new SocketCapture();
        var accept = new Accept(
                capture,
                settings.maxConnections(),
                connections,
                feed,
                carriers,
                manager,
                ledger,
                SystemMaterializer.get(system).materializer());
        var progress = new Acceptor.Progress();
        var props = Acceptor.props(settings, capture, accept::accept, Descriptors::isOneFree, progress, accept.refused)
                .withDispatcher("akka.actor.default-dispatcher");
        var acceptor = ((ExtendedActorSystem) system.classicSystem()).systemActorOf(props, "tcp-acceptor");
        return progress.bound().thenApply(address -> new TcpListener(address, acceptor, progress));
    }

    /** What happens to an accepted connection. Runs on the acceptor only. */
    private static final class Accept {

        private final SocketCapture capture;
        private final int maxConnections;
        private final ConnectionSettings settings;
        private final Feed feed;
        private final Carriers carriers;
        private final ActorRef<ConnectionManager.Command> manager;
        private final Ledger ledger;
        private final Materializer materializer;
        private final Refusals refusals;
        private final Tally refused;

        /** Connections that the manager was told of, or will be. */
        private long served;

        Accept(
                SocketCapture capture,
                int maxConnections,
                ConnectionSettings settings,
                Feed feed,
                Carriers carriers,
                ActorRef<ConnectionManager.Command> manager,
                Ledger ledger,
                Materializer materializer) {
            this.capture = capture;
            this.maxConnections = maxConnections;
            this.settings = settings;
            this.feed = feed;
            this.carriers = carriers;
            this.manager = manager;
            this.ledger = ledger;
            this.materializer = materializer;
            refusals = new Refusals(
                    materializer,
                    "the server serves " + maxConnections
                            + " connections already: close one, or try again later; its operator can raise tcp.max-connections");
            refused = new Tally(
                    log,
                    "There are " + maxConnections
                            + " connections, which is tidegate.tcp.max-connections: more are refused",
                    "connections refused");
        }

        void accept(InetSocketAddress remote, Flow<ByteString, ByteString, NotUsed> tcp) {
            try {
                Socket socket = capture.take(remote);
                if (socket == null) {
                    // Closed before it was looked at. Akka drops a connection that nobody materialises.
                    return;
                }
                if (served - ledger.totals().ended() >= maxConnections) {
                    refused.add(System.nanoTime());
                    refusals.refuse(tcp);
                    return;
                }
                var connection = SocketConnection.run(
                        served + 1, remote, NAME, tcp, socket, feed, settings, carriers, materializer);
                served++;
                manager.tell(new ConnectionManager.Opened(connection));
            } catch (RuntimeException e) {
                // An exception here would restart the acceptor, and the listener would be lost to it.
                log.error("Connection from {} is not served: internal error", remote, e);
            }
        }
    }

    /** The bound address, with the real port where 0 was asked for. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /**
     * Stops accepting; completes when that is so. Connections accepted in the last moment may still come: they are served, and
     * the draining manager ends them at once.
     */
    public CompletionStage<Done> unbind() {
        acceptor.tell(Acceptor.Order.UNBIND, akka.actor.ActorRef.noSender());
        return progress.unbound();
    }

    /** Completes when the listener no longer accepts, for whatever reason. */
    public CompletionStage<Done> ended() {
        return progress.ended();
    }
}
