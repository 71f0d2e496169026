package io.tidegate.jetstream;

import static io.tidegate.shared.LogReading.append;
import static io.tidegate.shared.LogReading.assertFails;
import static io.tidegate.shared.LogReading.bytes;
import static io.tidegate.shared.LogReading.read;
import static io.tidegate.shared.LogReading.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import io.tidegate.Await;
import io.tidegate.shared.SharedLog.Place;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stream has to be for the shared log: any other is refused with what it has. */
class StreamDemandsTest {

    private final NatsServer server = NatsServer.shared();

    private final String stream = NatsServer.newStream();

    private JetStreamLog open() throws SharedLogException {
        return JetStreamLog.open(server.settings(stream));
    }

    private void make(String name, String value) throws Exception {
        String right =
                new StreamDemands(server.settings(stream)).configuration().toJson();
        String wrong =
                right.replaceAll(",?\"" + name + "\":(\\[[^]]*]|[^,}]*)", "").replaceFirst("\\{,?", "{");
        String configuration = wrong.substring(0, wrong.length() - 1) + ",\"" + name + "\":" + value + "}";
        server.administer(admin -> {
            var made = admin.request("$JS.API.STREAM.CREATE." + stream, bytes(configuration), Duration.ofMinutes(1));
            assertThat(made.getData()).asString().doesNotContain("\"error\"");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "retention | \"interest\" | interest | limits",
                "storage | \"memory\" | memory | file",
                "max_age | 3600000000000 | 3600000000000 | 0",
                "max_msgs_per_subject | 1000 | 1000 | -1",
                "max_msg_size | 1048576 | 1048576 | 4194304 or more",
                "no_ack | true | true | false",
            })
    void aStreamWithAnotherSettingIsRefusedWithItsNameWhatItIsAndWhatItHasToBe(
            String name, String value, String is, String hasToBe) throws Exception {
        make(name, value);

        assertFails(
                Kind.UNUSABLE,
                "the stream " + stream + " has " + name + "=" + is + ", and has to have " + hasToBe,
                catchThrowableOfType(SharedLogException.class, this::open));
    }

    @Test
    void aStreamOfOtherSubjectsIsRefused() throws Exception {
        make("subjects", "[\"" + stream + ".*\"]");

        assertFails(
                Kind.UNUSABLE,
                "the stream " + stream + " has subjects=[" + stream + ".*], and has to have [" + stream + "]",
                catchThrowableOfType(SharedLogException.class, this::open));
    }

    @Test
    void aFullStreamMayRefuseWhatIsNewAndMustNotDropWhatIsOld() throws Exception {
        var limited = StreamConfiguration.builder(new StreamDemands(server.settings(stream)).configuration())
                .maxMessages(2);
        server.administer(admin -> admin.jetStreamManagement().addStream(limited.build()));

        try (JetStreamLog log = open()) {
            append(log, "a", 3);
            Await.until(() -> log.failure() != null);
            assertThat(log.failure()).isEqualTo("NATS at " + server.address() + " refuses: maximum messages exceeded");
            log.seek(Place.START);
            assertThat(texts(read(log, 2))).containsExactly("a0", "a1");
        }

        var dropping = limited.discardPolicy(DiscardPolicy.Old).build();
        server.administer(admin -> admin.jetStreamManagement().updateStream(dropping));
        assertThatThrownBy(this::open)
                .hasMessage("the stream " + stream + " has max_msgs=2, and has to have -1, or discard=new");
    }

    @Test
    void aStreamOnMoreServersThanThereAreCannotBeMade() {
        JetStreamSettings one = server.settings(stream);
        var three = new JetStreamSettings(
                one.servers(),
                stream,
                3,
                one.maxMessageBytes(),
                one.requestTimeout(),
                one.deliveryTimeout(),
                one.checkInterval(),
                one.credentialsFile(),
                one.clientFile(),
                one.client());

        assertFails(
                Kind.UNUSABLE,
                "the stream " + stream + " cannot be made with tidegate.jetstream.replicas = 3:"
                        + " replicas > 1 not supported in non-clustered mode",
                catchThrowableOfType(SharedLogException.class, () -> JetStreamLog.open(three)));
    }
}
