package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.kafka.KafkaBroker;
import io.tidegate.server.Tidegate;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidegate follow} at a node that stops: it goes on at another one, without a gap and without a word twice. */
@Timeout(120)
class FollowHopTest {

    @TempDir
    Path directory;

    private final String topic = KafkaBroker.newTopic();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Tidegate start(String name) throws Exception {
        return Tidegate.start(ConfigFactory.parseString(String.join(
                "\n",
                "tidegate.tcp.port = 0, tidegate.http.port = 0, tidegate.admin.port = 0",
                "tidegate.store.durability = os, tidegate.shared.announce-interval = 1 s",
                "tidegate.feed.order = kafka, tidegate.kafka.topic = " + topic,
                "tidegate.kafka.replication-factor = 1",
                "tidegate.kafka.bootstrap-servers = [\"" + KafkaBroker.shared().address() + "\"]",
                "tidegate.store.directory = \"" + directory.resolve(name) + "\"")));
    }

    private static void put(Tidegate node, int from, int to) {
        for (int i = from; i <= to; i++) {
            node.publish(Change.put("c", "k" + i, String.valueOf(i)))
                    .toCompletableFuture()
                    .join();
        }
    }

    @Test
    void itGoesOnAtTheOtherNodeWithoutAGap() throws Exception {
        Tidegate one = start("one");
        Tidegate two = start("two");
        try {
            Await.until(() -> one.nodes().toCompletableFuture().join().stream()
                            .filter(each -> each.node().isOpen())
                            .count()
                    == 2);
            Thread follower = follow(one.tcpAddress().getPort());
            Await.until(() -> CommandRun.text(out).contains("caughtup"));
            var puts = CompletableFuture.runAsync(() -> put(two, 1, 40));
            Await.until(() -> CommandRun.text(out).contains("\"seq\":5,"));

            one.close();

            puts.join();
            put(two, 41, 50);
            Await.until(() -> CommandRun.text(out).contains("\"seq\":50,"));
            assertThat(CommandRun.text(err))
                    .contains("reconnecting to another node")
                    .contains("connected to 127.0.0.1:" + two.tcpAddress().getPort() + ", at ");
            assertThat(seqs()).isEqualTo(IntStream.rangeClosed(1, 50).boxed().collect(Collectors.toList()));
            // It notices when there is nothing that it could read any more.
            follower.interrupt();
        } finally {
            two.close();
        }
    }

    private Thread follow(int port) {
        var thread = new Thread(() -> Commands.run(
                CommandRun.streams("", out, err),
                "follow",
                "--new",
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(port)));
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private List<Integer> seqs() {
        return CommandRun.text(out)
                .lines()
                .filter(line -> line.startsWith("{\"event\":\"put\""))
                .map(line -> Integer.valueOf(line.replaceAll(".*?\"seq\":(\\d+).*", "$1")))
                .toList();
    }
}
