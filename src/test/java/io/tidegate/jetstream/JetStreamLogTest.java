package io.tidegate.jetstream;

import static io.tidegate.shared.LogReading.SOON;
import static io.tidegate.shared.LogReading.answer;
import static io.tidegate.shared.LogReading.append;
import static io.tidegate.shared.LogReading.assertFails;
import static io.tidegate.shared.LogReading.bytes;
import static io.tidegate.shared.LogReading.failureOf;
import static io.tidegate.shared.LogReading.failureOfReading;
import static io.tidegate.shared.LogReading.isAppended;
import static io.tidegate.shared.LogReading.names;
import static io.tidegate.shared.LogReading.read;
import static io.tidegate.shared.LogReading.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.Await;
import io.tidegate.document.Directories;
import io.tidegate.shared.SharedLog.Entry;
import io.tidegate.shared.SharedLog.Place;
import io.tidegate.shared.SharedLogContract;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shared log against a real server. */
class JetStreamLogTest extends SharedLogContract {

    @TempDir
    private Path directory;

    private final NatsServer server = NatsServer.shared();

    private final String stream = NatsServer.newStream();

    @Override
    protected JetStreamLog open() throws SharedLogException {
        return JetStreamLog.open(server.settings(stream));
    }

    @Test
    void aPlaceBeforeTheStartIsGone() throws Exception {
        try (JetStreamLog log = open();
                JetStreamLog later = open()) {
            append(log, "a", 100);
            log.seek(Place.START);
            List<Entry> entries = read(log, 100);
            later.seek(entries.get(0).after());

            answer(log.trim(97));
            answer(log.trim(2));

            assertThat(answer(later.start())).isEqualTo(97);
            String line = "the stream " + stream + " begins at message 98, and %s was to be read";
            assertThat(failureBehindWhatIsOnItsWay(later).getMessage()).matches(line.formatted("\\d{1,2}"));
            assertFails(
                    Kind.TRIMMED,
                    line.formatted(1),
                    catchThrowableOfType(SharedLogException.class, () -> later.seek(Place.START)));
            assertThatThrownBy(() -> later.seek(entries.get(95).after())).hasMessage(line, 97);
            later.seek(entries.get(96).after());
            assertThat(texts(read(later, 3))).isEqualTo(names("a", 97, 100));
        }
    }

    private static SharedLogException failureBehindWhatIsOnItsWay(JetStreamLog log) {
        var failure = new CompletableFuture<SharedLogException>();
        Await.until(() -> {
            try {
                assertThat(log.poll(SOON)).doesNotContainNull().allMatch(entry -> entry.offset() < 97);
            } catch (SharedLogException e) {
                failure.complete(e);
            }
            return failure.isDone();
        });
        return failure.join();
    }

    @Test
    void nothingThatIsToComeIsTrimmed() throws Exception {
        try (JetStreamLog log = open()) {
            append(log, "a", 3);
            log.seek(Place.START);
            Place end = read(log, 3).get(2).after();

            answer(log.trim(1_000_000));

            assertThat(answer(log.start())).isEqualTo(answer(log.end())).isEqualTo(3);
            append(log, "b", 1);
            assertThat(texts(read(log, 1))).containsExactly("b0");
            log.seek(end);
            assertThat(texts(read(log, 1))).containsExactly("b0");
        }
    }

    @Test
    void aPlaceBehindTheEndIsOfALogThatHasLostSomething() throws Exception {
        try (JetStreamLog log = open()) {
            append(log, "a", 3);
            log.seek(Place.START);
            read(log, 3);

            SharedLogException failure =
                    catchThrowableOfType(SharedLogException.class, () -> log.seek(new Place(5, 0)));

            assertFails(
                    Kind.DIVERGED,
                    "the stream " + stream + " has lost messages: it ends behind message 3, and was read up to 5",
                    failure);
        }
    }

    @Test
    void anEntryThatIsAnotherOneThanBeforeIsNoticed() throws Exception {
        try (JetStreamLog log = open()) {
            append(log, "a", 5);
            log.seek(Place.START);
            Entry read = read(log, 5).get(2);

            SharedLogException failure = catchThrowableOfType(
                    SharedLogException.class, () -> log.seek(new Place(read.offset() + 1, read.term() ^ 1)));

            assertFails(
                    Kind.DIVERGED,
                    "the stream " + stream + " has lost messages: message 3 was read, and is another one now",
                    failure);
        }
    }

    private static String madeAt(String identity) {
        return identity.substring(identity.indexOf('@') + 1);
    }

    @Test
    void anotherStreamOfTheSameNameIsAnotherLog() throws Exception {
        try (JetStreamLog log = open()) {
            append(log, "a", 3);
            log.seek(Place.START);
            Place place = read(log, 3).get(2).after();
            String identity = log.identity();

            server.administer(admin -> admin.jetStreamManagement().deleteStream(stream));

            try (JetStreamLog anew = open()) {
                append(anew, "b", 10);
                anew.seek(Place.START);
                assertThat(read(anew, 10)).hasSize(10);
                assertThat(anew.identity()).isNotEqualTo(identity);
                String line = "the stream " + stream + " is another one: it was made at " + madeAt(anew.identity())
                        + ", and the one that was read at " + madeAt(identity);
                assertFails(Kind.DIVERGED, line, failureOfReading(log));
                assertFails(Kind.DIVERGED, line, catchThrowableOfType(SharedLogException.class, () -> log.seek(place)));
                assertFails(Kind.DIVERGED, line, failureOf(log.end()));
                assertFails(Kind.DIVERGED, line, failureOf(log.start()));
                assertFails(Kind.DIVERGED, line, failureOf(log.trim(2)));
                assertFails(Kind.DIVERGED, line, failureOf(log.offsetAt(0)));
                assertThat(answer(anew.start())).isZero();
            }
        }
    }

    @Test
    void whatAFrozenServerDoesNotConfirmMayBeLostAndALaterConnectionGoesOn() throws Exception {
        try (JetStreamLog log = JetStreamLog.open(server.hasty(stream))) {
            log.append(bytes("before"));
            log.seek(Place.START);
            assertThat(texts(read(log, 1))).containsExactly("before");
            String silence = "NATS at " + server.address() + " does not answer within 1 s";

            server.freeze();
            try {
                log.append(bytes("doubtful"));
                Await.until(() -> log.failure() != null);
                assertThat(log.failure())
                        .isIn(
                                "NATS at " + server.address() + " has not confirmed an entry within 1 s",
                                "the connection to NATS at " + server.address() + " is lost");
                assertThat(failureOf(log.end()).kind()).isEqualTo(Kind.UNAVAILABLE);
                assertThat(failureOfReading(log).kind()).isEqualTo(Kind.UNAVAILABLE);
                log.renew();
                assertThat(log.failure()).isNull();
                assertFails(
                        Kind.UNAVAILABLE,
                        silence,
                        catchThrowableOfType(SharedLogException.class, () -> log.append(bytes("certainly not"))));
            } finally {
                server.thaw();
            }

            Await.until(() -> isAppended(log, "after"));
            List<String> read = new ArrayList<>();
            Await.until(() -> {
                read.addAll(texts(read(log, 1)));
                return read.contains("after");
            });
            assertThat(read).doesNotContain("certainly not", "before");
        }
    }

    @Test
    void whatIsMentionedAndNotConfirmedIsNoFailure() throws Exception {
        try (JetStreamLog log = JetStreamLog.open(server.hasty(stream))) {
            log.append(bytes("before"));
            log.seek(Place.START);
            assertThat(texts(read(log, 1))).containsExactly("before");

            server.freeze();
            try {
                log.mention(bytes("mentioned"));
                Await.until(() -> failureOfReading(log).kind() == Kind.UNAVAILABLE);
                assertThat(log.failure()).isNull();
            } finally {
                server.thaw();
            }

            Await.until(() -> isAppended(log, "after"));
            assertThat(log.failure()).isNull();
        }
    }

    @Test
    void readingAndAppendingGoOnWhenAServerThatWasKilledIsBack() throws Exception {
        try (JetStreamLog log = open()) {
            append(log, "a", 3);
            log.seek(Place.START);
            read(log, 3);

            server.kill();
            Await.until(() -> !isAppended(log, "lost") || log.failure() != null);
            SharedLogException away = failureOfReading(log);
            assertThat(away.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(away).hasMessage("NATS at " + server.address() + " cannot be reached: connection refused");
            server.restart();
            log.renew();
            Await.until(() -> isAppended(log, "b"));

            assertThat(texts(read(log, 1))).containsExactly("b");
            log.seek(Place.START);
            assertThat(texts(read(log, 4))).containsExactly("a0", "a1", "a2", "b");
            assertThat(log.failure()).isNull();
        }
    }

    @Test
    void whereNothingWasOnItsWayAConnectionThatIsLostIsNoFailure() throws Exception {
        try (JetStreamLog log = open()) {
            append(log, "a", 1);
            log.seek(Place.START);
            read(log, 1);

            server.kill();
            server.restart();

            Await.until(() -> isAppended(log, "b"));
            assertThat(texts(read(log, 1))).containsExactly("b");
            assertThat(log.failure()).isNull();
        }
    }

    @Test
    void aLogThatHasLostItsEndIsNoticedAlsoWhenOthersHaveTakenItsPlace() throws Exception {
        try (NatsServer own = NatsServer.start("max_payload: 4MB", NatsServer.withStore());
                JetStreamLog log = JetStreamLog.open(own.settings(stream))) {
            append(log, "a", 6);
            log.seek(Place.START);
            List<Entry> entries = read(log, 6);
            own.kill();
            Path copy = directory.resolve("copy");
            NatsServer.copy(own.data(), copy);
            own.restart();
            Await.until(() -> isAppended(log, "a6"));
            append(log, "more", 3);
            entries.addAll(read(log, 4));

            own.kill();
            Directories.delete(own.data());
            NatsServer.copy(copy, own.data());
            own.restart();

            try (JetStreamLog other = JetStreamLog.open(own.settings(stream))) {
                assertThat(other.identity()).isEqualTo(log.identity());
                assertThat(answer(other.end())).isEqualTo(6);
                append(other, "b", 10);
                other.seek(entries.get(5).after());
                assertThat(texts(read(other, 10))).startsWith("b0", "b1");
                String line =
                        "the stream " + stream + " has lost messages: message %d was read, and is another one now";
                assertFails(Kind.DIVERGED, line.formatted(10), failureOfReading(log));
                SharedLogException failure = catchThrowableOfType(
                        SharedLogException.class,
                        () -> other.seek(entries.get(7).after()));
                assertFails(Kind.DIVERGED, line.formatted(8), failure);
            }
        }
    }

    @Test
    void anEntryIsNoLargerThanTheServerTakes() throws Exception {
        try (NatsServer own = NatsServer.start(NatsServer.withStore());
                JetStreamLog log = JetStreamLog.open(own.settings(stream))) {
            assertThat(log.maxEntryBytes()).isEqualTo(1 << 20);
            assertThat(log.entryLimit()).isEqualTo("max_payload in the configuration of nats-server, which is 1048576");

            log.append(new byte[log.maxEntryBytes()]);

            log.seek(Place.START);
            assertThat(read(log, 1)).hasSize(1);
        }
    }

    @Test
    void whereNobodyListensTheLogIsUnavailable() throws Exception {
        NatsServer own = NatsServer.start(NatsServer.withStore());
        JetStreamSettings nowhere = own.hasty(stream);
        own.close();

        assertFails(
                Kind.UNAVAILABLE,
                "NATS at " + own.address() + " cannot be reached: connection refused",
                catchThrowableOfType(SharedLogException.class, () -> JetStreamLog.open(nowhere)));
    }

    @Test
    void aServerWithoutJetStreamIsNoLog() {
        try (NatsServer own = NatsServer.start("max_payload: 4MB")) {
            assertFails(
                    Kind.UNUSABLE,
                    "NATS at " + own.address() + " has no JetStream: start nats-server with --jetstream, or with"
                            + " jetstream {} in its configuration",
                    catchThrowableOfType(SharedLogException.class, () -> JetStreamLog.open(own.settings(stream))));
        }
    }

    @Test
    void whichEntriesCameSinceATimeIsToldByTheClockOfTheLog() throws Exception {
        try (JetStreamLog log = open()) {
            assertThat(answer(log.offsetAt(0))).isZero();
            log.seek(Place.START);
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                append(log, "a", 2);
                entries.addAll(read(log, 2));
                long last = entries.get(entries.size() - 1).atMillis();
                Await.until(() -> System.currentTimeMillis() > last + 1);
            }
            List<Long> times = new ArrayList<>(List.of(0L, entries.get(0).atMillis() - 1000));
            entries.forEach(entry -> times.addAll(List.of(entry.atMillis(), entry.atMillis() + 1)));
            times.add(entries.get(39).atMillis() + 3_600_000);

            for (long time : times) {
                assertThat(answer(log.offsetAt(time))).as("since " + time).isEqualTo(firstSince(entries, time));
            }

            answer(log.trim(11));
            for (long time : times) {
                assertThat(answer(log.offsetAt(time)))
                        .as("since " + time)
                        .isEqualTo(firstSince(entries.subList(11, 40), time));
            }
        }
    }

    private static long firstSince(List<Entry> entries, long millis) {
        return entries.stream()
                .filter(entry -> entry.atMillis() >= millis)
                .findFirst()
                .map(Entry::offset)
                .orElse(entries.get(entries.size() - 1).offset() + 1);
    }

    @Test
    void anEntryMayBeAsLargeAsTheSettingSays() throws Exception {
        try (JetStreamLog log = open()) {
            assertThat(log.maxEntryBytes()).isEqualTo(4 << 20);
            assertThat(log.entryLimit()).isEqualTo("tidegate.jetstream.max-message-bytes");
        }
    }

    @Test
    void oneThatIsClosedSaysSo() throws Exception {
        JetStreamLog log = open();

        log.close();

        assertFails(Kind.UNAVAILABLE, "the shared log is closed", failureOf(log.end()));
    }
}
