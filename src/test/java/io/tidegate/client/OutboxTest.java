package io.tidegate.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.Outbox.Publication;
import io.tidegate.document.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final Outbox outbox = new Outbox();
    private long number;

    private void add(String... keys) {
        for (String key : keys) {
            outbox.add(new Publication(
                    ++number, Change.delete("c", key).name(), new byte[100], 0, new CompletableFuture<>()));
        }
    }

    private List<String> send(int most) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < most && outbox.isDue(); i++) {
            keys.add(requireNonNull(outbox.next()).name().key().toString());
        }
        return keys;
    }

    @Test
    void whatIsPutBackComesBeforeAllThatWasPublishedAfterIt() {
        add("a", "b", "c", "d");
        assertThat(send(3)).containsExactly("a", "b", "c");

        assertThat(outbox.putBack()).isTrue();
        assertThat(outbox.answered()).isNotNull();
        assertThat(outbox.putBack()).isTrue();

        assertThat(send(9)).containsExactly("a", "c", "d");
    }

    @Test
    void whatIsLostIsSentAgainInItsOrder() {
        add("a", "b", "c", "d");
        assertThat(send(3)).hasSize(3);
        assertThat(outbox.putBack()).isTrue();

        outbox.lost();

        assertThat(send(9)).containsExactly("a", "b", "c", "d");
        assertThat(outbox.isEmpty()).isFalse();
    }

    @Test
    void nothingIsPutBackBehindALaterChangeOfItsDocumentWhereverThatIs() {
        add("x", "y", "x");
        assertThat(send(3)).hasSize(3);
        assertThat(outbox.putBack()).as("the later one was sent").isFalse();
        outbox.lost();
        assertThat(send(2)).containsExactly("x", "y");

        assertThat(outbox.putBack()).as("the later one waits to be sent again").isFalse();

        assertThat(requireNonNull(outbox.answered()).number()).isEqualTo(1);
        assertThat(outbox.putBack()).isTrue();
        assertThat(send(9)).containsExactly("y", "x");
    }

    @Test
    void whatIsTakenOutIsNoLongerCounted() {
        add("x", "x");
        assertThat(send(1)).hasSize(1);

        assertThat(outbox.remove(publication -> publication.number() == 2)).hasSize(1);
        assertThat(outbox.putBack()).isTrue();
        assertThat(outbox.remove(publication -> true)).hasSize(1);

        assertThat(outbox.isEmpty()).isTrue();
        assertThat(outbox.isFull()).isFalse();
    }
}
