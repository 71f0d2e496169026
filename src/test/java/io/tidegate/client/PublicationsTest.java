package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of changes where the server cannot take them, or does not answer. */
@Timeout(120)
class PublicationsTest {

    /** Long enough for a server of a test to answer on a busy machine. */
    private static final int QUIET_MILLIS = 4_000;

    private static final String SYNCED = "{\"event\":\"synced\",\"epoch\":\"e1\",\"seq\":6,\"documents\":0}";

    private static Publications to(FakeServer server, Supplier<Credentials> credentials) {
        return new Publications(new Connections("127.0.0.1:" + server.port(), QUIET_MILLIS), credentials);
    }

    private static Publications to(FakeServer server) {
        return to(server, () -> Credentials.NONE);
    }

    private static Change put(String key, int value) {
        return Change.put("orders", key, Integer.toString(value));
    }

    private static String accepted(long seq) {
        return "{\"event\":\"accepted\",\"seq\":" + seq + "}";
    }

    private static String error(String code) {
        return "{\"event\":\"error\",\"code\":\"" + code + "\",\"message\":\"it is " + code + "\"}";
    }

    private static void greet(FakeServer.Peer client) throws IOException {
        client.expect("sync none");
        client.say(SYNCED);
    }

    /** Hears the next change, whatever its id. */
    private static void hear(FakeServer.Peer client, String key, int value) throws IOException {
        String line = client.hear();
        if (!line.matches("put orders " + key + " @id=\\S+ " + value)) {
            throw new IOException("heard " + line);
        }
    }

    private static void end(FakeServer.Peer client) throws IOException {
        client.expect("quit");
        client.say("{\"event\":\"goodbye\",\"reason\":\"quit\",\"epoch\":\"e1\",\"seq\":9,\"reconnectAfterMs\":0}");
    }

    private static Position of(CompletionStage<Position> outcome) throws Exception {
        return outcome.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static void assertFails(CompletionStage<Position> outcome, String message) {
        assertThatThrownBy(() -> of(outcome))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage(message);
    }

    @Test
    void aServerThatIsFullForNowIsComeBackTo() throws Exception {
        for (String code : List.of("too-many-connections", "too-many-snapshots", "store-failed")) {
            try (var server = FakeServer.with(
                    client -> {
                        client.expect("sync none");
                        client.say(error(code));
                    },
                    client -> {
                        greet(client);
                        hear(client, "a", 1);
                        client.say(accepted(7));
                        end(client);
                    })) {
                try (Publications publications = to(server)) {
                    assertThat(of(publications.publish(put("a", 1)))).isEqualTo(new Position("e1", 7));
                }
            }
        }
    }

    @Test
    void aServerThatRefusesForGoodEndsIt() throws Exception {
        try (var server = FakeServer.with(client -> {
            client.expect("sync none");
            client.say(error("forbidden"));
            client.awaitGone();
        })) {
            try (Publications publications = to(server)) {
                assertFails(
                        publications.publish(put("a", 1)),
                        "it is not known whether the change was taken: it is forbidden");
                assertFails(publications.publish(put("a", 2)), "the change was not sent: it is forbidden");
            }
        }
    }

    @Test
    void whatCannotBeTakenNowIsSentAgainBeforeWhatWasNotSentYet() throws Exception {
        try (var server = FakeServer.with(client -> {
            greet(client);
            hear(client, "a", 1);
            hear(client, "b", 2);
            hear(client, "c", 3);
            client.say(error("unavailable"), accepted(7), error("outcome-unknown"));
            hear(client, "a", 1);
            hear(client, "c", 3);
            client.say(accepted(8), accepted(9));
            end(client);
        })) {
            try (Publications publications = to(server)) {
                var outcomes = IntStream.rangeClosed(1, 3)
                        .mapToObj(i -> publications.publish(
                                put(List.of("", "a", "b", "c").get(i), i)))
                        .toList();
                assertThat(of(outcomes.get(0)).seq()).isEqualTo(8);
                assertThat(of(outcomes.get(1)).seq()).isEqualTo(7);
                assertThat(of(outcomes.get(2)).seq()).isEqualTo(9);
            }
        }
    }

    @Test
    void whatCannotBeTakenNowNeverComesBehindALaterChangeOfItsDocument() throws Exception {
        try (var server = FakeServer.with(client -> {
            greet(client);
            hear(client, "a", 1);
            hear(client, "a", 2);
            client.say(error("unavailable"), accepted(7));
            end(client);
        })) {
            try (Publications publications = to(server)) {
                CompletionStage<Position> older = publications.publish(put("a", 1));
                CompletionStage<Position> newer = publications.publish(put("a", 2));
                assertFails(older, "it is unavailable");
                assertThat(of(newer).seq()).isEqualTo(7);
            }
        }
    }

    @Test
    void whoPublishesWhenToldOfAnAnswerIsNotHeldBack() throws Exception {
        int changes = Outbox.MOST + 2;
        try (var server = FakeServer.with(client -> {
            greet(client);
            for (int i = 0; i < Outbox.MOST; i++) {
                client.hear();
            }
            // There is room for one more, and two more come.
            client.say(accepted(7));
            for (int i = Outbox.MOST; i < changes; i++) {
                client.hear();
            }
            for (int i = 1; i < changes; i++) {
                client.say(accepted(7 + i));
            }
            end(client);
        })) {
            try (Publications publications = to(server)) {
                CompletionStage<Position> more = publications
                        .publish(put("first", 0))
                        .thenCompose(first -> {
                            CompletionStage<Position> second = publications.publish(put("second", 0));
                            return publications.publish(put("third", 0)).thenCombine(second, (one, other) -> one);
                        });
                List<CompletionStage<Position>> others = new ArrayList<>();
                for (int i = 1; i < Outbox.MOST; i++) {
                    others.add(publications.publish(put("other", i)));
                }
                of(more);
                for (CompletionStage<Position> other : others) {
                    of(other);
                }
            }
        }
    }

    @Test
    void aServerThatTakesNothingAndAnswersNothingIsLeft() throws Exception {
        int changes = 16;
        String large = "\"" + "x".repeat(500_000) + "\"";
        var connections = new CountDownLatch(2);
        try (var server = FakeServer.with(
                client -> {
                    greet(client);
                    // Reads no more: what is sent fills the buffers of both kernels.
                    Await.until(() -> connections.getCount() == 0);
                },
                client -> {
                    greet(client);
                    for (int i = 0; i < changes; i++) {
                        client.hear();
                        client.say(accepted(7 + i));
                    }
                    end(client);
                })) {
            try (Publications publications = to(server, () -> {
                connections.countDown();
                return Credentials.NONE;
            })) {
                List<CompletionStage<Position>> outcomes = IntStream.range(0, changes)
                        .mapToObj(i -> publications.publish(Change.put("orders", "k" + i, large)))
                        .toList();
                for (CompletionStage<Position> outcome : outcomes) {
                    of(outcome);
                }
            }
        }
    }

    @Test
    void anIdentityThatIsAboutToEndIsFollowedByTheNextOne() throws Exception {
        var token = new AtomicReference<>("one");
        try (var server = FakeServer.with(
                client -> {
                    client.expect("auth one");
                    client.say("{\"event\":\"authenticated\"}");
                    greet(client);
                    hear(client, "a", 1);
                    token.set("two");
                    client.say("{\"event\":\"expiring\",\"inMs\":60000}");
                    client.expect("quit");
                    client.say(accepted(7));
                    client.say(
                            "{\"event\":\"goodbye\",\"reason\":\"quit\",\"epoch\":\"e1\",\"seq\":7,\"reconnectAfterMs\":1}");
                },
                client -> {
                    client.expect("auth two");
                    client.say("{\"event\":\"authenticated\"}");
                    greet(client);
                    hear(client, "a", 2);
                    client.say(accepted(8));
                    end(client);
                })) {
            try (Publications publications =
                    to(server, () -> new Credentials(null, Objects.requireNonNull(token.get())))) {
                assertThat(of(publications.publish(put("a", 1))).seq()).isEqualTo(7);
                assertThat(of(publications.publish(put("a", 2))).seq()).isEqualTo(8);
            }
        }
    }

    @Test
    void whoSaysNoCredentialsFailsWhatIsPublishedAndIsToldOf() throws Exception {
        var told = new ConcurrentLinkedQueue<Throwable>();
        var handler = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> told.add(failure));
        var failure = new IllegalStateException("the vault is sealed");
        try (var publications = new Publications(new Connections("127.0.0.1:1"), () -> {
            throw failure;
        })) {
            assertFails(
                    publications.publish(put("a", 1)),
                    "it is not known whether the change was taken: the vault is sealed");
            Await.until(() -> told.contains(failure));
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(handler);
        }
    }
}
