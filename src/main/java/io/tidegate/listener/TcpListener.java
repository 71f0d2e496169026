package io.tidegate.listener;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.stream.Materializer;
import akka.stream.SystemMaterializer;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Tcp;
import io.tidegate.connection.Carriers;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.connection.ConnectionSettings;
import io.tidegate.connection.SocketConnection;
import io.tidegate.feed.Feed;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts TCP connections, runs the flow of each, and introduces it to the {@link ConnectionManager}. */
public final class TcpListener {

    private static final Logger log = LoggerFactory.getLogger(TcpListener.class);

    private final Tcp.ServerBinding binding;
    private final CompletionStage<Done> acceptsEnded;

    private TcpListener(Tcp.ServerBinding binding, CompletionStage<Done> acceptsEnded) {
        this.binding = binding;
        this.acceptsEnded = acceptsEnded;
    }

    /**
     * Binds.
     *
     * @return fails with {@link akka.stream.BindFailedException} if the address cannot be had
     */
    public static CompletionStage<TcpListener> bind(
            ActorSystem<?> system,
            TcpSettings settings,
            ConnectionSettings connections,
            Feed feed,
            Carriers carriers,
            ActorRef<ConnectionManager.Command> manager) {
        var capture = new SocketCapture();
        var accept = new Accept(
                capture,
                connections,
                feed,
                carriers,
                manager,
                SystemMaterializer.get(system).materializer());
        boolean halfClose = true;
        var running = Tcp.get(system)
                .bind(
                        settings.host(),
                        settings.port(),
                        settings.backlog(),
                        List.of(capture),
                        halfClose,
                        Optional.empty())
                .toMat(Sink.foreach(accept::accept), Keep.both())
                .run(system);
        return running.first().thenApply(binding -> new TcpListener(binding, running.second()));
    }

    /** What happens to an accepted connection. Runs on the accept stream only. */
    private record Accept(
            SocketCapture capture,
            ConnectionSettings settings,
            Feed feed,
            Carriers carriers,
            ActorRef<ConnectionManager.Command> manager,
            Materializer materializer,
            AtomicLong ids) {

        Accept(
                SocketCapture capture,
                ConnectionSettings settings,
                Feed feed,
                Carriers carriers,
                ActorRef<ConnectionManager.Command> manager,
                Materializer materializer) {
            this(capture, settings, feed, carriers, manager, materializer, new AtomicLong());
        }

        void accept(Tcp.IncomingConnection incoming) {
            InetSocketAddress remote = incoming.remoteAddress();
            try {
                Socket socket = capture.take(remote);
                if (socket == null) {
                    // Closed before it was looked at. Akka drops a connection that nobody materialises.
                    return;
                }
                var connection = SocketConnection.run(
                        ids.incrementAndGet(), remote, incoming.flow(), socket, feed, settings, carriers, materializer);
                manager.tell(new ConnectionManager.Opened(connection));
            } catch (RuntimeException e) {
                // An exception here would end the accept stream and silently unbind the listener.
                log.error("Connection from {} is not served: internal error", remote, e);
            }
        }
    }

    /** The bound address, with the real port where 0 was asked for. */
    public InetSocketAddress localAddress() {
        return binding.localAddress();
    }

    /**
     * Stops accepting; completes when every connection that was accepted is known to the manager.
     *
     * <p>Not when the accept stream has ended: Akka keeps it for another five seconds if the flow of a connection was just
     * starting. Each connection is accepted within the message that announces it, and "unbound" comes after them; one that
     * comes later still is served, and the draining manager ends it at once.
     */
    public CompletionStage<Done> unbind() {
        return binding.unbind().thenApply(unbound -> Done.getInstance());
    }

    /** Completes when the listener no longer accepts, for whatever reason. */
    public CompletionStage<Done> ended() {
        return acceptsEnded;
    }
}
