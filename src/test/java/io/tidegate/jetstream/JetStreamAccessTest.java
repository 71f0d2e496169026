package io.tidegate.jetstream;

import static io.tidegate.shared.LogReading.SOON;
import static io.tidegate.shared.LogReading.answer;
import static io.tidegate.shared.LogReading.append;
import static io.tidegate.shared.LogReading.assertFails;
import static io.tidegate.shared.LogReading.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.document.OwnFiles;
import io.tidegate.jetstream.NatsKey.Kind;
import io.tidegate.shared.SharedLog.Place;
import io.tidegate.shared.SharedLogException;
import io.tidegate.tls.TestCertificates;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who a node is to NATS, and what it may do there. */
class JetStreamAccessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The client waits for an answer also where it was told that there is none. */
    private static final Duration REFUSED_AFTER = Duration.ofSeconds(1);

    private static final String LIMITS =
            "\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,\"wildcards\":true,"
                    + "\"conn\":-1,\"leaf\":-1,\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1}";

    @TempDir
    private Path directory;

    private final String stream = NatsServer.newStream();

    private static SharedLogException refusal(JetStreamSettings settings) {
        return catchThrowableOfType(SharedLogException.class, () -> JetStreamLog.open(settings));
    }

    private static void assertLetIn(JetStreamSettings settings) throws Exception {
        try (JetStreamLog log = JetStreamLog.open(settings)) {
            append(log, "a", 1);
            log.seek(Place.START);
            assertThat(read(log, 1)).hasSize(1);
            answer(log.trim(1));
            assertThat(answer(log.offsetAt(0))).isEqualTo(1);
            assertThat(log.poll(SOON)).isEmpty();
            assertThat(log.failure()).isNull();
        }
    }

    private static String notIn(NatsServer server) {
        return "NATS at " + server.address() + " does not let this node in: see tidegate.jetstream.client and"
                + " tidegate.jetstream.credentials-file";
    }

    @Test
    void aPasswordLetsANodeInAndAWrongOneIsToldWithoutIt() throws Exception {
        try (NatsServer server =
                NatsServer.start(NatsServer.withStore(), "authorization { user: node, password: secret }")) {
            Map<String, String> right = Map.of("username", "node", "password", "secret");
            Map<String, String> wrong = Map.of("username", "node", "password", "hush");

            assertFails(
                    SharedLogException.Kind.UNUSABLE,
                    notIn(server),
                    refusal(server.settings(stream, REFUSED_AFTER, Optional.empty(), wrong)));
            assertLetIn(server.settings(stream, PATIENCE, Optional.empty(), right));
        }
    }

    @Test
    void aTokenLetsANodeIn() throws Exception {
        try (NatsServer server = NatsServer.start(NatsServer.withStore(), "authorization { token: secret }")) {
            assertLetIn(server.settings(stream, PATIENCE, Optional.empty(), Map.of("token", "secret")));
        }
    }

    @Test
    void aNodeNeedsNoMoreThanTheRightsThatItTellsOf() throws Exception {
        String rights = "publish: [\"" + stream + "\", \"$JS.API.STREAM.*." + stream
                + "\", \"$JS.API.CONSUMER.>\"], subscribe: \"_INBOX.>\"";
        try (NatsServer server = NatsServer.start(
                NatsServer.withStore(),
                "authorization { users: [ { user: all, password: a, permissions: { " + rights + " } },"
                        + " { user: few, password: f, permissions: { publish: \"" + stream
                        + "\", subscribe: \"_INBOX.>\" } } ] }")) {
            SharedLogException refused = refusal(server.settings(
                    stream, REFUSED_AFTER, Optional.empty(), Map.of("username", "few", "password", "f")));

            assertThat(refused.kind()).isEqualTo(SharedLogException.Kind.UNUSABLE);
            assertThat(refused)
                    .hasMessageStartingWith("NATS at " + server.address()
                            + " does not allow this node what it needs (Permissions Violation for Publish to")
                    .hasMessageEndingWith("): to publish to " + stream + ", $JS.API.STREAM.*." + stream
                            + " and $JS.API.CONSUMER.>, and to subscribe to _INBOX.>");
            assertLetIn(
                    server.settings(stream, PATIENCE, Optional.empty(), Map.of("username", "all", "password", "a")));
        }
    }

    @Test
    void aJwtLetsANodeInThatHasTheKeyForIt() throws Exception {
        var operator = new NatsKey(Kind.OPERATOR);
        var system = new NatsKey(Kind.ACCOUNT);
        var account = new NatsKey(Kind.ACCOUNT);
        var user = new NatsKey(Kind.USER);
        String claims = LIMITS + ",\"type\":\"account\"";
        try (NatsServer server = NatsServer.start(
                NatsServer.withStore(),
                "operator: " + operator.jwt(operator, "\"type\":\"operator\""),
                "system_account: " + system.publicKey(),
                "resolver: MEMORY",
                "resolver_preload: { " + account.publicKey() + ": " + operator.jwt(account, claims) + ", "
                        + system.publicKey() + ": " + operator.jwt(system, "\"type\":\"account\"") + " }")) {
            String jwt = account.jwt(user, "\"subs\":-1,\"data\":-1,\"payload\":-1,\"type\":\"user\"");

            assertLetIn(server.settings(stream, PATIENCE, file(user.credentials(jwt)), Map.of()));
            assertFails(
                    SharedLogException.Kind.UNUSABLE,
                    notIn(server),
                    refusal(server.settings(
                            stream, REFUSED_AFTER, file(new NatsKey(Kind.USER).credentials(jwt)), Map.of())));
        }
    }

    @Test
    void aServerThatIsTrustedIsSpokenToOverTlsAndNoOther() throws Exception {
        TestCertificates authority = TestCertificates.authority("ours");
        TestCertificates.Issued certificate = authority.server("127.0.0.1").issue();
        Path chain = Files.writeString(directory.resolve("chain.pem"), certificate.chainPem());
        Path key = Files.writeString(directory.resolve("key.pem"), certificate.keyPem());
        try (NatsServer server = NatsServer.start(
                NatsServer.withStore(), "tls { cert_file: \"" + chain + "\", key_file: \"" + key + "\" }")) {
            assertLetIn(overTls(server, PATIENCE, authority));

            SharedLogException refused =
                    refusal(overTls(server, REFUSED_AFTER, TestCertificates.authority("somebody else's")));
            assertThat(refused.kind()).isEqualTo(SharedLogException.Kind.UNAVAILABLE);
            assertThat(refused)
                    .hasMessage("NATS at " + server.address().replace("nats:", "tls:")
                            + " cannot be reached: No trusted certificate found");
        }
    }

    private JetStreamSettings overTls(NatsServer server, Duration timeout, TestCertificates trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", trusted.certificate());
        Path file = Files.createTempFile(directory, "trust", ".p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "hush".toCharArray());
        }
        JetStreamSettings settings = server.settings(
                stream, timeout, Optional.empty(), Map.of("trustStore", file.toString(), "trustStorePassword", "hush"));
        return new JetStreamSettings(
                List.of(server.address().replace("nats:", "tls:")),
                stream,
                settings.replicas(),
                settings.maxMessageBytes(),
                timeout,
                settings.deliveryTimeout(),
                settings.checkInterval(),
                Optional.empty(),
                Optional.empty(),
                settings.client());
    }

    private Optional<Path> file(String content) throws Exception {
        Path file = Files.createTempFile(directory, "node", ".creds", OwnFiles.attributes(directory));
        return Optional.of(Files.writeString(file, content));
    }

    private JetStreamSettings with(Optional<Path> credentials) {
        return NatsServer.shared().settings(stream, PATIENCE, credentials, Map.of());
    }

    @Test
    void aFileWithoutCredentialsIsToldWithoutWhatIsInIt() throws Exception {
        Path missing = directory.resolve("missing");

        assertThat(refusal(with(Optional.of(missing))))
                .hasMessage("cannot read " + missing + ": there is no such file");
        Optional<Path> other = file("hush");
        assertThat(refusal(with(other)))
                .hasMessage("the credentials of " + other.get() + " are no JWT and seed as NATS writes them");
        var user = new NatsKey(Kind.USER);
        Optional<Path> cut = file(user.credentials("e.j.w").replace(user.seed(), "SUAHUSH"));
        assertThat(refusal(with(cut))).hasMessage("the seed of " + cut.get() + " is none that NATS writes");
    }
}
