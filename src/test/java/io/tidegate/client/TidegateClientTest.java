package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.tidegate.Await;
import io.tidegate.cli.conformance.FaultProxy;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.server.Tidegate;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs follow and publish by the client, over connections that are cut. */
@Timeout(1_800)
class TidegateClientTest {

    /** {@code -Dtidegate.cuts=10000} for as many as one likes to wait for. */
    private static final int CUTS = Integer.getInteger("tidegate.cuts", 100);

    private static final int DOCUMENTS = 40;

    @TempDir
    Path directory;

    private Tidegate server;

    @BeforeEach
    void start() throws Exception {
        server = start(0);
    }

    private Tidegate start(int port) throws Exception {
        return Tidegate.start(ConfigFactory.parseString("tidegate { http.port = 0, admin.port = 0, tcp.port = " + port
                + ", store { durability = os, directory = \"" + directory.resolve("store") + "\" } }"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static URI at(int port) {
        return URI.create("tcp://127.0.0.1:" + port);
    }

    private TidegateClient client() {
        return TidegateClient.connect(at(server.tcpAddress().getPort()));
    }

    private Position put(String collection, String key, String value) {
        return server.publish(Change.put(collection, key, value))
                .toCompletableFuture()
                .join();
    }

    private static Selection selection(String selector) {
        return Selection.of(List.of(Selector.parse(selector)));
    }

    /** Takes all that comes, and asks for as much as it is told to. */
    private static final class Recorder implements Flow.Subscriber<Event> {
        final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
        final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        final CompletableFuture<Void> end = new CompletableFuture<>();

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.complete(given);
        }

        @Override
        public void onNext(Event event) {
            events.add(event);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }

        Recorder ask(long count) {
            subscription.join().request(count);
            return this;
        }

        void await(int count) {
            Await.until(() -> events.size() >= count);
        }
    }

    private static Recorder follow(TidegateClient client, Selection selection) {
        var recorder = new Recorder();
        client.follow(selection).subscribe(recorder);
        return recorder;
    }

    @Test
    void theDocumentsComeFirstAndThenEachUpdateInItsPlace() {
        Position first = put("c", "a", "{\"n\":1}");
        put("other", "x", "0");
        try (TidegateClient client = client()) {
            Recorder recorder = follow(client, selection("c")).ask(Long.MAX_VALUE);
            recorder.await(3);
            Position second = put("c", "b", "\",\\\"value\\\":\"");
            Position third = server.publish(Change.delete("c", "a"))
                    .toCompletableFuture()
                    .join();
            recorder.await(5);

            assertThat(recorder.events)
                    .containsExactly(
                            new Event.Reset("the documents come first"),
                            new Event.Document(name("a"), Json.of("{\"n\":1}")),
                            new Event.Current(new Position(first.epoch(), 2)),
                            new Event.Put(name("b"), Json.of("\",\\\"value\\\":\""), second),
                            new Event.Delete(name("a"), third));
        }
    }

    private static DocumentName name(String key) {
        return new DocumentName(new Collection("c"), new Key(key));
    }

    @Test
    void whatIsNotAskedForDoesNotCome() {
        put("c", "a", "1");
        try (TidegateClient client = client()) {
            Recorder recorder = follow(client, Selection.ALL).ask(1);
            recorder.await(1);
            for (int i = 0; i < 100; i++) {
                put("c", "k", "" + i);
            }
            assertThat(recorder.events).hasSize(1);

            recorder.ask(2);
            recorder.await(3);

            assertThat(recorder.events).hasSize(3).last().isInstanceOf(Event.Current.class);
            recorder.ask(Long.MAX_VALUE).await(103);
        }
    }

    @Test
    void whoIsRefusedIsToldSoAndWhoseClientIsClosedIsComplete() {
        var many = new ArrayList<Selector>();
        for (int i = 0; i < 2_000; i++) {
            many.add(Selector.parse("c/" + i));
        }
        Recorder other;
        try (TidegateClient client = client()) {
            Recorder refused = follow(client, Selection.of(many));
            other = follow(client, Selection.ALL).ask(1);
            other.await(1);

            assertThatThrownBy(() -> refused.end.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RefusedException.class)
                    .hasMessageContaining("selectors");
        }

        assertThat(other.end).succeedsWithin(60, TimeUnit.SECONDS);
    }

    @Test
    void anAddressThatIsNoneIsRefused() {
        for (String address :
                List.of("http://127.0.0.1:1", "tcp://127.0.0.1", "tcp:127.0.0.1:1", "tls://127.0.0.1:1")) {
            assertThatThrownBy(() -> TidegateClient.connect(URI.create(address)))
                    .as(address)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aLiveMapTellsWhatHasBecomeOfEachDocument() {
        put("c", "a", "1");
        Map<String, @Nullable Json> changes = new TreeMap<>();
        try (TidegateClient client = client();
                LiveMap map = client.live(selection("c"))) {
            assertThat(map.whenReady()).succeedsWithin(60, TimeUnit.SECONDS);
            assertThat(map.documents()).containsExactly(Map.entry(name("a"), Json.of("1")));
            map.onChange((changed, value) -> changes.put(changed.toString(), value));

            put("c", "b", "2");
            Position last = server.publish(Change.delete("c", "a"))
                    .toCompletableFuture()
                    .join();
            Await.until(() -> last.equals(map.position()));

            assertThat(map.documents()).containsExactly(Map.entry(name("b"), Json.of("2")));
            assertThat(map.get(name("a"))).isNull();
        }
        assertThat(changes.keySet()).containsExactly("c/a", "c/b");
        assertThat(changes.get("c/a")).isNull();
    }

    @Test
    void aStoreThatWasWipedIsSeenAsItIsAndNotAsItWas() throws Exception {
        put("c", "a", "1");
        put("c", "b", "2");
        int port = server.tcpAddress().getPort();
        try (TidegateClient client = client();
                LiveMap map = client.live(Selection.ALL)) {
            assertThat(map.whenReady()).succeedsWithin(60, TimeUnit.SECONDS);
            server.close();
            directory = directory.resolve("another");
            server = start(port);
            Position last = put("c", "b", "3");

            Await.until(() -> last.equals(map.position()));

            assertThat(map.documents()).containsExactly(Map.entry(name("b"), Json.of("3")));
        }
    }

    @Test
    void connectionsThatAreCutAtAnyByteLeaveNoTrace() throws Exception {
        Random random = new Random(7);
        List<LiveMap> maps = new ArrayList<>();
        List<Recorder> recorders = new ArrayList<>();
        try (var proxy = new FaultProxy(() -> server.tcpAddress().getPort(), random);
                TidegateClient client = TidegateClient.connect(at(proxy.port()))) {
            proxy.cutWithin(3_000);
            for (int i = 0; i < 4; i++) {
                maps.add(client.live(selection("c")));
                recorders.add(follow(client, selection("c")).ask(Long.MAX_VALUE));
            }
            Position last = server.position();
            while (proxy.cuts() < CUTS) {
                for (int i = 0; i < 20; i++) {
                    last = change(random);
                }
                Position until = last;
                Await.until(() -> maps.stream().allMatch(map -> until.equals(map.position())) || proxy.cuts() >= CUTS);
            }
            proxy.heal();
            last = put("c", "last", "1");
            Position until = last;

            Await.until(() -> maps.stream().allMatch(map -> until.equals(map.position())));
            Map<DocumentName, Json> there = documents();
            assertThat(maps).allSatisfy(map -> assertThat(map.documents()).isEqualTo(there));
            for (Recorder recorder : recorders) {
                Await.until(() -> recorder.events.stream()
                        .anyMatch(event ->
                                event instanceof Event.Put put && put.position().equals(until)));
                assertThat(replayed(recorder)).isEqualTo(there);
            }
        }
    }

    private Position change(Random random) {
        String key = "k" + random.nextInt(DOCUMENTS);
        return random.nextInt(4) == 0
                ? server.publish(Change.delete("c", key)).toCompletableFuture().join()
                : put("c", key, "{\"n\":" + random.nextInt() + "}");
    }

    private Map<DocumentName, Json> documents() throws Exception {
        Map<DocumentName, Json> documents = new TreeMap<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            String key = "k" + i;
            server.read("c", key)
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS)
                    .ifPresent(document -> documents.put(name(key), document.value()));
        }
        documents.put(name("last"), Json.of("1"));
        return documents;
    }

    /** What a program has that does as it is told; each update came once and in its place. */
    private static Map<DocumentName, Json> replayed(Recorder recorder) {
        Map<DocumentName, Json> documents = new TreeMap<>();
        long seq = -1;
        for (Event event : recorder.events) {
            if (event instanceof Event.Reset) {
                documents.clear();
            } else if (event instanceof Event.Document document) {
                documents.put(document.name(), document.value());
            } else if (event instanceof Event.Current current) {
                assertThat(current.position().seq()).isGreaterThanOrEqualTo(seq);
                seq = current.position().seq();
            } else if (event instanceof Event.Put put) {
                assertThat(put.position().seq()).isGreaterThan(seq);
                seq = put.position().seq();
                documents.put(put.name(), put.value());
            } else if (event instanceof Event.Delete delete) {
                assertThat(delete.position().seq()).isGreaterThan(seq);
                seq = delete.position().seq();
                documents.remove(delete.name());
            }
        }
        return documents;
    }

    @Test
    void whatIsPublishedOverConnectionsThatAreCutTakesEffectOnceAndInItsOrder() throws Exception {
        int count = 5 * CUTS;
        List<CompletableFuture<Position>> outcomes = new ArrayList<>();
        try (TidegateClient direct = client();
                var proxy = new FaultProxy(() -> server.tcpAddress().getPort(), new Random(8));
                TidegateClient client = TidegateClient.connect(at(proxy.port()))) {
            proxy.cutWithin(1_500);
            Recorder recorder = follow(direct, selection("p")).ask(Long.MAX_VALUE);
            recorder.await(1);
            for (int i = 0; i < count; i++) {
                outcomes.add(
                        client.publish(Change.put("p", "k" + i % 7, "" + i)).toCompletableFuture());
            }
            for (CompletableFuture<Position> outcome : outcomes) {
                outcome.get(20, TimeUnit.MINUTES);
            }
            assertThat(proxy.cuts()).isPositive();
            Position last = outcomes.get(count - 1).join();
            Await.until(() -> recorder.events.stream()
                    .anyMatch(event ->
                            event instanceof Event.Put put && put.position().equals(last)));

            List<Position> positions = new ArrayList<>();
            List<String> values = new ArrayList<>();
            for (Event event : recorder.events) {
                if (event instanceof Event.Put put) {
                    positions.add(put.position());
                    values.add(put.value().toString());
                }
            }
            assertThat(values)
                    .hasSize(count)
                    .isEqualTo(IntStream.range(0, count)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(outcomes.stream().map(CompletableFuture::join)).isEqualTo(positions);
        }
    }

    @Test
    void aChangeThatIsRefusedIsToldWhyAndTheNextIsTaken() {
        try (TidegateClient client = client()) {
            var tooLarge = client.publish(Change.put("c", "k", "\"" + "x".repeat(1 << 20) + "\""))
                    .toCompletableFuture();
            var next = client.publish(Change.put("c", "k", "1")).toCompletableFuture();

            assertThat(next).succeedsWithin(60, TimeUnit.SECONDS);
            assertThat(tooLarge.handle(
                                    (position, failure) -> failure.getCause() instanceof PublishFailedException refused
                                            ? refused.code()
                                            : "none")
                            .join())
                    .isIn("too-large", "line-too-long");
        }
    }

    @Test
    void nothingIsPublishedBehindTheEnd() {
        TidegateClient client = client();
        client.close();

        assertThatThrownBy(() -> client.publish(Change.put("c", "k", "1"))
                        .toCompletableFuture()
                        .get())
                .hasMessageContaining("the change was not sent: the client is closed");
    }
}
