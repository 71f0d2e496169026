package io.tidegate.example;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.StoredDocument;
import io.tidegate.server.PreconditionFailedException;
import io.tidegate.server.Tidegate;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** The conditional write of {@code docs/embedding.md}. */
final class CounterExample {

    private CounterExample() {}

    // example begins
    static Position countVisit(Tidegate server) {
        while (true) {
            Optional<StoredDocument> visits =
                    server.read("counters", "visits").toCompletableFuture().join();
            long count = visits.map(known -> Long.parseLong(known.value().toString()))
                    .orElse(0L);
            Precondition unchanged =
                    visits.map(known -> Precondition.mustBeAt(known.position())).orElseGet(Precondition::mustNotExist);
            try {
                return server.publish(Change.put("counters", "visits", Long.toString(count + 1)), unchanged)
                        .toCompletableFuture()
                        .join();
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof PreconditionFailedException)) {
                    throw e;
                }
                // Somebody else counted in between: read again.
            }
        }
    }
    // example ends
}
