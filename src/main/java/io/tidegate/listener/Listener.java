package io.tidegate.listener;

import akka.Done;
import akka.NotUsed;
import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.io.Tcp;
import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import io.tidegate.connection.ConnectionManager;
import io.tidegate.connection.ConnectionSettings;
import io.tidegate.connection.Offer;
import io.tidegate.connection.SocketConnection;
import io.tidegate.connection.Threads;
import io.tidegate.document.Addresses;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections, runs the flow of each, and introduces it to the {@link ConnectionManager}. */
public final class Listener {

    private static final Logger log = LoggerFactory.getLogger(Listener.class);

    /** To take the FIN to thousands takes a second. */
    private static final Duration TURNED_AWAY_WITHIN = Duration.ofSeconds(5);

    private final String name;
    private final InetSocketAddress localAddress;
    private final SocketCapture capture;
    private final LongSupplier nanoClock;
    private final akka.actor.ActorRef acceptor;
    private final Acceptor.Progress progress;

    private Listener(
            String name,
            InetSocketAddress localAddress,
            SocketCapture capture,
            LongSupplier nanoClock,
            akka.actor.ActorRef acceptor,
            Acceptor.Progress progress) {
        this.name = name;
        this.localAddress = localAddress;
        this.capture = capture;
        this.nanoClock = nanoClock;
        this.acceptor = acceptor;
        this.progress = progress;
    }

    /**
     * Binds. Clients can connect from then on, and wait until they are served.
     *
     * @param name what it is called in lists of connections; one word, unique in a server
     * @param nanoClock tells the time of all that has a limit
     * @return fails if the address cannot be had
     */
    public static CompletionStage<Listener> bind(
            ActorSystem<?> system, String name, ListenerSettings settings, LongSupplier nanoClock) {
        var capture = new SocketCapture();
        var progress = new Acceptor.Progress();
        var props = Acceptor.props(settings, capture, Descriptors::isOneFree, nanoClock, progress)
                // Where Akka's actors run that it speaks with.
                .withDispatcher(Tcp.get(system.classicSystem()).Settings().WorkerDispatcher());
        var acceptor = ((ExtendedActorSystem) system.classicSystem()).systemActorOf(props, name + "-acceptor");
        return progress.bound()
                .thenApply(address -> new Listener(name, address, capture, nanoClock, acceptor, progress));
    }

    /**
     * Accepts clients from now on. To be called once.
     *
     * @param threads work for its connections
     * @param offer what is spoken on its connections, and how
     */
    public void serve(
            Threads threads,
            Offer offer,
            ConnectionSettings connections,
            Admission admission,
            ActorRef<ConnectionManager.Command> manager) {
        tell(new Acceptor.Serve(new Accept(name, capture, threads, offer, connections, admission, manager, nanoClock)));
    }

    /**
     * Sends FIN to the clients that wait, and unbinds; for a listener that will not serve.
     *
     * @return when that is done, and all of them have the FIN, how many were reset
     */
    public CompletionStage<Long> turnAway() {
        return unbind(TURNED_AWAY_WITHIN);
    }

    private void tell(Acceptor.Order order) {
        acceptor.tell(order, akka.actor.ActorRef.noSender());
    }

    /** What happens to an accepted connection. Runs on the acceptor only. */
    private static final class Accept implements Acceptor.Service {

        private final String name;
        private final SocketCapture capture;
        private final Threads threads;
        private final Offer offer;
        private final ConnectionSettings settings;
        private final Admission admission;
        private final ActorRef<ConnectionManager.Command> manager;
        private final LongSupplier nanoClock;
        private final Refusals refusals;
        private final Tally refused;
        private final Tally refusedOfAddress;
        private final Crowd crowd;

        Accept(
                String name,
                SocketCapture capture,
                Threads threads,
                Offer offer,
                ConnectionSettings settings,
                Admission admission,
                ActorRef<ConnectionManager.Command> manager,
                LongSupplier nanoClock) {
            this.name = name;
            this.capture = capture;
            this.threads = threads;
            this.offer = offer;
            this.settings = settings;
            this.admission = admission;
            this.manager = manager;
            this.nanoClock = nanoClock;
            refusals = new Refusals(threads.streams());
            crowd = new Crowd(admission.most());
            refused = new Tally(
                    log,
                    () -> "There are " + admission.most() + " connections, which is " + admission.setting()
                            + ": more are refused",
                    "connections refused");
            refusedOfAddress = new Tally(
                    log,
                    () ->
                            "An address has more connections than tidegate.connection.max-connections-per-address, or makes them"
                                    + " faster than connects-per-address: more are refused",
                    "connections of such addresses refused");
        }

        @Override
        public void accept(InetSocketAddress remote, Flow<ByteString, ByteString, NotUsed> tcp) {
            try {
                Socket socket = capture.take(remote);
                if (socket == null) {
                    // Closed before it was looked at. Akka drops a connection that nobody materialises.
                    return;
                }
                long now = nanoClock.getAsLong();
                Admission.Refusal refusal = admission.admit(remote.getAddress(), now, () -> crowd.makeRoom(now));
                if (refusal == null) {
                    serve(remote, tcp, socket);
                } else {
                    (refusal.isForAddress() ? refusedOfAddress : refused).add(now);
                    refusals.refuse(tcp, (said, isAll) -> offer.refusal(refusal.message(), said, isAll));
                }
            } catch (RuntimeException | Error e) {
                // Also when there is no memory, or no thread can be made: it costs this one connection. An exception
                // here would restart the acceptor, and the listener would be lost to it.
                log.error("Connection from {} is not served: internal error", Addresses.shown(remote), e);
            }
        }

        @Override
        public int room() {
            return offer.room();
        }

        @Override
        public void whenRoom(Runnable listener) {
            offer.whenRoom(listener);
        }

        @Override
        public ByteString lastWord(ByteString said) {
            return offer.farewell(said);
        }

        @Override
        public void report(long nowNanos) {
            refused.report(nowNanos);
            refusedOfAddress.report(nowNanos);
            admission.look(nowNanos);
        }

        private void serve(InetSocketAddress remote, Flow<ByteString, ByteString, NotUsed> tcp, Socket socket) {
            boolean served = false;
            try {
                var connection = SocketConnection.run(
                        admission.nextId(), remote, name, tcp, socket, threads, offer, settings, nanoClock);
                served = true;
                var unused = connection.ended().whenComplete((ending, failure) -> admission.left(remote.getAddress()));
                manager.tell(new ConnectionManager.Opened(connection));
                if (admission.makesRoom()) {
                    crowd.add(connection);
                }
            } finally {
                if (!served) {
                    admission.giveBack(remote.getAddress());
                }
            }
        }
    }

    /** What it is called in lists of connections. */
    public String name() {
        return name;
    }

    /** The bound address, with the real port where 0 was asked for. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /**
     * Lets in who waits, and stops accepting; repeating it changes nothing, unless without any patience.
     *
     * @param patience it stops after this long at the latest
     * @return when that is so, how many clients waited all the same and were reset
     */
    public CompletionStage<Long> unbind(Duration patience) {
        tell(new Acceptor.Unbind(patience));
        return progress.unbound();
    }

    /** Completes when the listener no longer accepts, for whatever reason. */
    public CompletionStage<Done> ended() {
        return progress.ended();
    }
}
