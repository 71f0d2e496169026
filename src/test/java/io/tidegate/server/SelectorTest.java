package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.stream.ActorAttributes;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Tcp;
import akka.util.ByteString;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lone line is read and taken by the thread that found it, and is not handed from one to another. */
@Timeout(120)
class SelectorTest {

    private static final String NAME = "selector-test";

    /** Tells whoever sends something which thread has taken it. */
    private static final Flow<ByteString, ByteString, NotUsed> THREAD_NAME = Flow.of(ByteString.class)
            .map(sent -> ByteString.fromString(Thread.currentThread().getName() + "\n"));

    private final ActorSystem system = ActorSystem.create(NAME, config());

    private static Config config() {
        try {
            return ServerConfig.complete(ConfigFactory.empty());
        } catch (StartException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private Socket connect(String dispatcher) throws Exception {
        int port = Tcp.get(system)
                .bind("127.0.0.1", 0)
                .to(Sink.foreach(connection -> connection
                        .flow()
                        .join(THREAD_NAME)
                        .addAttributes(ActorAttributes.dispatcher(dispatcher))
                        .run(system)))
                .run(system)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .localAddress()
                .getPort();
        var client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(30_000);
        return client;
    }

    private static String answer(Socket client) {
        try {
            client.getOutputStream().write('?');
            return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aLoneLineIsTakenByTheThreadThatFoundIt() throws Exception {
        try (Socket client = connect("tidegate-dispatchers.connections")) {
            // The first takes its time, for nothing is loaded yet, and is followed by a pause.
            Await.until(() -> answer(client).contains("dispatchers.selector"));
        }
    }

    @Test
    void whatRunsElsewhereIsLeftToOthers() throws Exception {
        try (Socket client = connect("akka.actor.default-dispatcher")) {
            assertThat(answer(client)).contains("akka.actor.default");
        }
    }

    @Test
    void noThreadIsLeftWhenTheSystemHasEnded() throws Exception {
        try (Socket client = connect("tidegate-dispatchers.connections")) {
            assertThat(answer(client)).startsWith(NAME);

            stop();

            Await.until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith(NAME)));
        }
    }
}
