package io.tidegate.example;

import io.tidegate.connection.Follower;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.server.Tidegate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The follower of {@code docs/embedding.md}. */
final class FollowerExample {

    private FollowerExample() {}

    // example begins
    static void printOrders(Tidegate server) throws InterruptedException {
        Selection selection = Selection.of(List.of(Selector.parse("orders/eu-*"), Selector.parse("trades")));
        try (Follower follower = server.follow(selection)) {
            Optional<String> event = follower.next(Duration.ofMinutes(1));
            while (event.isPresent()) {
                System.out.println(event.get());
                event = follower.next(Duration.ofMinutes(1));
            }
        }
    }
    // example ends
}
