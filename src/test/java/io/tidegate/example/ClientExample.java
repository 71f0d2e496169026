package io.tidegate.example;

import io.tidegate.client.LiveMap;
import io.tidegate.client.TidegateClient;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The client of {@code docs/java.md}. */
final class ClientExample {

    private ClientExample() {}

    // example begins
    static Position watchOrders(URI server) throws ExecutionException, InterruptedException, TimeoutException {
        Selection orders = Selection.of(List.of(Selector.parse("orders/eu-*")));
        try (TidegateClient client = TidegateClient.connect(server);
                LiveMap map = client.live(orders)) {
            map.onChange((name, value) -> System.out.println(name + " is " + value));
            map.whenReady().toCompletableFuture().get(10, TimeUnit.SECONDS);

            return client.publish(Change.put("orders", "eu-17", "{\"qty\":5}"))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
    }
    // example ends
}
