package io.tidegate.kafka;

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
import io.tidegate.shared.SharedLog.Entry;
import io.tidegate.shared.SharedLog.Place;
import io.tidegate.shared.SharedLogContract;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shared log against a real broker. */
class KafkaLogTest extends SharedLogContract {

    private final KafkaBroker broker = KafkaBroker.shared();

    private final String topic = KafkaBroker.newTopic();

    @Override
    protected KafkaLog open() throws SharedLogException {
        return KafkaLog.open(broker.settings(topic));
    }

    @Test
    void itKnowsWhatCameSinceATime() throws Exception {
        try (KafkaLog log = open()) {
            append(log, "a", 3);
            log.seek(Place.START);
            List<Entry> entries = read(log, 3);
            long last = entries.get(2).atMillis();

            assertThat(answer(log.offsetAt(0))).isZero();
            assertThat(answer(log.offsetAt(last))).isLessThanOrEqualTo(2);
            assertThat(answer(log.offsetAt(last + 1))).isEqualTo(3).isEqualTo(answer(log.end()));
        }
    }

    @Test
    void aPlaceBeforeTheStartIsGone() throws Exception {
        try (KafkaLog log = open();
                KafkaLog later = open()) {
            append(log, "a", 10);
            log.seek(Place.START);
            List<Entry> entries = read(log, 10);
            later.seek(Place.START);

            answer(log.trim(7));

            assertThat(answer(later.start())).isEqualTo(7);
            String line = "the topic " + topic + " begins at offset 7, and %d was to be read";
            assertFails(Kind.TRIMMED, line.formatted(0), failureOfReading(later));
            assertThatThrownBy(() -> later.seek(Place.START)).hasMessage(line, 0);
            assertThatThrownBy(() -> later.seek(entries.get(5).after())).hasMessage(line, 6);
            later.seek(entries.get(6).after());
            assertThat(texts(read(later, 3))).isEqualTo(names("a", 7, 10));
        }
    }

    @Test
    void aPlaceBehindTheEndIsOfALogThatHasLostSomething() throws Exception {
        try (KafkaLog log = open()) {
            append(log, "a", 3);
            log.seek(Place.START);
            read(log, 3);

            SharedLogException failure =
                    catchThrowableOfType(SharedLogException.class, () -> log.seek(new Place(5, 0)));

            assertFails(
                    Kind.DIVERGED,
                    "the topic " + topic + " has lost entries: it ends at offset 3, and was read up to 5",
                    failure);
        }
    }

    private void makeAnew() throws Exception {
        broker.admin().deleteTopics(List.of(topic)).all().get();
        Await.until(() -> {
            try {
                open().close();
                return true;
            } catch (SharedLogException e) {
                assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
                return false;
            }
        });
    }

    @Test
    void anotherTopicOfTheSameNameIsAnotherLog() throws Exception {
        try (KafkaLog log = open()) {
            append(log, "a", 3);
            log.seek(Place.START);
            Place place = read(log, 3).get(2).after();
            String id = log.identity();

            makeAnew();

            try (KafkaLog anew = open()) {
                append(anew, "b", 10);
                anew.seek(Place.START);
                assertThat(read(anew, 10)).hasSize(10);
                String line =
                        "the topic " + topic + " is another one: its id is " + anew.identity() + ", and was " + id;
                assertFails(Kind.DIVERGED, line, failureOfReading(log));
                assertFails(Kind.DIVERGED, line, catchThrowableOfType(SharedLogException.class, () -> log.seek(place)));
                assertFails(Kind.DIVERGED, line, failureOf(log.end()));
                assertFails(Kind.DIVERGED, line, failureOf(log.start()));
                assertFails(Kind.DIVERGED, line, failureOf(log.trim(2)));
                assertThat(answer(anew.start())).isZero();
            }
        }
    }

    @Test
    void entriesOfAnotherTopicAreNotGivenOutThoughAConsumerReadsThem() throws Exception {
        // Nobody looks whether it is the same; the consumer has to have been told of it.
        try (KafkaLog log = KafkaLog.open(change(broker.settings(topic))
                .checkInterval(Duration.ofHours(1))
                .settings())) {
            append(log, "a", 3);
            log.seek(Place.START);
            read(log, 3);

            makeAnew();
            try (KafkaLog anew = open()) {
                append(anew, "b", 10);
                anew.seek(Place.START);
                read(anew, 10);
            }

            assertThat(failureOfReading(log)).hasMessageContaining("is another one");
        }
    }

    private static KafkaSettingsChange change(KafkaSettings settings) {
        return new KafkaSettingsChange(settings);
    }

    private static KafkaSettings hasty(KafkaSettings settings) {
        return change(settings)
                .timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2))
                .settings();
    }

    @Test
    void whatAFrozenBrokerDoesNotConfirmMayBeLostAndALaterProducerGoesOn() throws Exception {
        try (KafkaLog log = KafkaLog.open(hasty(broker.settings(topic)))) {
            log.append(bytes("before"));
            log.seek(Place.START);
            assertThat(texts(read(log, 1))).containsExactly("before");
            String silence = "Kafka at " + broker.address() + " does not answer within 1 s";

            broker.freeze();
            try {
                log.append(bytes("doubtful"));
                Await.until(() -> log.failure() != null);
                assertThat(log.failure())
                        .isEqualTo("Kafka at " + broker.address() + " has not confirmed an entry within 2 s");
                assertFails(Kind.UNAVAILABLE, silence, failureOf(log.end()));
                assertFails(Kind.UNAVAILABLE, silence, failureOfReading(log));
                log.renew();
                assertThat(log.failure()).isNull();
                assertFails(
                        Kind.UNAVAILABLE,
                        silence,
                        catchThrowableOfType(SharedLogException.class, () -> log.append(bytes("certainly not"))));
            } finally {
                broker.thaw();
            }

            Await.until(() -> isAppended(log, "after"));
            List<String> read = texts(read(log, 1));
            if (read.contains("doubtful") && !read.contains("after")) {
                read = texts(read(log, 1));
            }
            assertThat(read).contains("after").doesNotContain("certainly not");
        }
    }

    @Test
    void readingAndAppendingGoOnWhenABrokerThatWasKilledIsBack() throws Exception {
        try (KafkaLog log = open()) {
            append(log, "a", 3);
            log.seek(Place.START);
            read(log, 3);

            broker.kill();
            assertThat(log.poll(SOON)).isNotNull();
            broker.restart();
            Await.until(() -> isAppended(log, "b"));

            log.seek(Place.START);
            assertThat(texts(read(log, 4))).containsExactly("a0", "a1", "a2", "b");
            assertThat(log.failure()).isNull();
        }
    }

    @Test
    void aLogThatHasLostItsEndIsNoticedAlsoWhenOthersHaveTakenItsPlace() throws Exception {
        try (KafkaLog log = open()) {
            log.seek(Place.START);
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                append(log, "a", 1);
                entries.addAll(read(log, 1));
            }

            broker.kill();
            Path segment = broker.partition(topic).resolve("00000000000000000000.log");
            try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() * 6 / 10);
            }
            broker.restart();

            try (KafkaLog other = open()) {
                assertThat(answer(other.end())).isEqualTo(6);
                Await.until(() -> isAppended(other, "b"));
                append(other, "b", 10);
                other.seek(entries.get(5).after());
                assertThat(texts(read(other, 11))).startsWith("b", "b0");
                String line = "the topic " + topic
                        + " has lost entries: offset %d was read, and is not there any more, or is another one";
                assertFails(Kind.DIVERGED, line.formatted(9), failureOfReading(log));
                SharedLogException failure = catchThrowableOfType(
                        SharedLogException.class,
                        () -> other.seek(entries.get(7).after()));
                assertFails(Kind.DIVERGED, line.formatted(7), failure);
            }
        }
    }

    private void make(int partitions, Map<String, String> configs) throws Exception {
        var right = new HashMap<>(new TopicDemands(broker.settings(topic)).configs());
        right.putAll(configs);
        broker.admin()
                .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(right)))
                .all()
                .get();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cleanup.policy | compact | delete",
                "retention.ms | 604800000 | -1",
                "retention.bytes | 1000000 | -1",
                "message.timestamp.type | CreateTime | LogAppendTime",
                "max.message.bytes | 1048588 | 4194304 or more",
                "flush.messages | 1000 | 1",
                "unclean.leader.election.enable | true | false",
            })
    void aTopicWithAnotherSettingIsRefusedWithItsNameWhatItIsAndWhatItHasToBe(String name, String is, String hasToBe)
            throws Exception {
        make(1, Map.of(name, is));

        assertFails(
                Kind.UNUSABLE,
                "the topic " + topic + " has " + name + "=" + is + ", and has to have " + hasToBe,
                catchThrowableOfType(SharedLogException.class, this::open));
    }

    @Test
    void aTopicOfManyPartitionsIsRefused() throws Exception {
        make(2, Map.of());

        assertFails(
                Kind.UNUSABLE,
                "the topic " + topic + " has 2 partitions, and has to have 1",
                catchThrowableOfType(SharedLogException.class, this::open));
    }

    @Test
    void aTopicThatSomebodyHasMadeRightIsTaken() throws Exception {
        make(1, Map.of("max.message.bytes", "8388608", "compression.type", "uncompressed"));

        try (KafkaLog log = open()) {
            append(log, "a", 1);
            log.seek(Place.START);
            assertThat(texts(read(log, 1))).containsExactly("a0");
        }
    }

    @Test
    void aTopicOnMoreBrokersThanThereAreCannotBeMade() {
        assertThatThrownBy(() -> KafkaLog.open(
                        change(broker.settings(topic)).replicas(3, 2).settings()))
                .isInstanceOfSatisfying(
                        SharedLogException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageStartingWith(
                        "the topic " + topic + " cannot be made with tidegate.kafka.replication-factor = 3: ")
                .hasMessageContaining("only 1 broker(s)");
    }

    @Test
    void whereNobodyListensTheLogIsUnavailable() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        KafkaSettings nowhere = change(hasty(broker.settings(topic)))
                .servers("127.0.0.1:" + port)
                .settings();

        assertFails(
                Kind.UNAVAILABLE,
                "Kafka at 127.0.0.1:" + port + " does not answer within 1 s",
                catchThrowableOfType(SharedLogException.class, () -> KafkaLog.open(nowhere)));
        assertThatThrownBy(() -> KafkaLog.open(
                        change(nowhere).servers("nowhere.invalid:9092").settings()))
                .isInstanceOfSatisfying(
                        SharedLogException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessage("none of the hosts of tidegate.kafka.bootstrap-servers is known: [nowhere.invalid:9092]");
    }

    @Test
    void anEntryMayBeNearlyAsLargeAsTheSettingSays() throws Exception {
        try (KafkaLog log = open()) {
            assertThat(log.maxEntryBytes()).isGreaterThan((4 << 20) - 1024);
        }
    }
}
