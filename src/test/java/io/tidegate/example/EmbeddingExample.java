package io.tidegate.example;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.drain.DrainReport;
import io.tidegate.server.Tidegate;
import java.net.InetSocketAddress;

/** The example of {@code docs/embedding.md}. */
final class EmbeddingExample {

    private EmbeddingExample() {}

    static DrainReport run(String directory) throws Exception {
        // example begins
        Config config = ConfigFactory.parseString(
                        "tidegate { tcp.port = 0, http.port = 0, admin.port = 0 }") // any free ports
                .withFallback(ConfigFactory.parseString("tidegate.store.directory = \"" + directory + "\""));

        try (Tidegate server = Tidegate.start(config)) {
            InetSocketAddress address = server.tcpAddress();
            System.out.println("clients connect to " + address);

            Position position = server.publish(Change.put("orders", "o-17", "{\"qty\":5}"))
                    .toCompletableFuture()
                    .join();
            System.out.println("durable at " + position);

            DrainReport report =
                    server.drain("end of day").toCompletableFuture().join();
            System.out.println(report);
            return report;
        }
        // example ends
    }
}
