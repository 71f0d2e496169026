package io.tidegate.websocket;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Tcp;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import io.tidegate.settings.SettingsReader;
import io.tidegate.wire.DecoderStage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Sends every message back, with the server's own codec and limits, for conformance suites: {@code EchoServer [port]}.
 *
 * <pre>
 *  TCP ─► handshake, then messages ─► replies, up to a last one: FIN ─► TCP
 * </pre>
 *
 * <p>After its last reply it goes on reading and discarding until the client closes its side, since the socket is bound
 * with half-close.
 */
public final class EchoServer {

    private static final int DEFAULT_PORT = 9001;
    private static final int BACKLOG = 100;

    /** A test client that is silent for this long has gone. */
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);

    private EchoServer() {}

    /** Serves until the process is stopped. */
    public static void main(String[] args) {
        int port = args.length == 0 ? DEFAULT_PORT : Integer.parseInt(args[0]);
        var limits = MessageLimits.from(new SettingsReader(ConfigFactory.load()).section("websocket"), 1 << 20);
        ActorSystem system = ActorSystem.create("echo");
        bind(system, port, limits).whenComplete((binding, failure) -> {
            if (failure != null) {
                System.err.println("cannot listen on port " + port + ": " + failure.getMessage());
                system.terminate();
            } else {
                System.out.println(
                        "echo on ws://127.0.0.1:" + binding.localAddress().getPort() + "/, " + limits);
            }
        });
        system.getWhenTerminated().toCompletableFuture().join();
    }

    static CompletionStage<Tcp.ServerBinding> bind(ActorSystem system, int port, MessageLimits limits) {
        return Tcp.get(system)
                .bind("127.0.0.1", port, BACKLOG, List.of(), true, Optional.of(IDLE_TIMEOUT))
                .to(Sink.foreach(accepted -> accepted.handleWith(echo(limits), system)))
                .run(system);
    }

    private static Flow<ByteString, ByteString, NotUsed> echo(MessageLimits limits) {
        return Flow.of(ByteString.class)
                .via(DecoderStage.create("Echo", () -> new EchoDialogue(limits)))
                .takeWhile(reply -> !reply.isLast(), true)
                .map(EchoDialogue.Reply::bytes);
    }
}
