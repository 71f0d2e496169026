package io.tidegate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.OwnClassPath;
import io.tidegate.Signals;
import io.tidegate.document.Directories;
import io.tidegate.tls.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A real broker of Kafka in a process of its own, that can be frozen and killed. It has its data in a temporary directory. */
public final class KafkaBroker implements AutoCloseable {

    /** Who logs in as this at {@link #loginAddress} may do what ACLs allow; who does not log in may do everything. */
    public static final String USER = "node";

    public static final String PASSWORD = "node-secret";

    /** Who shows a certificate of this name at {@link #tlsAddress} may do everything. */
    public static final String CERTIFIED = "CN=certified-node";

    /** Has issued the broker's certificate, and those that the broker trusts. */
    private final TestCertificates authority = TestCertificates.authority("kafka");

    /** Four seconds on a machine that does nothing else. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final AtomicInteger TOPICS = new AtomicInteger();

    private final Path directory;
    private final String cluster;
    private final int port;
    private final int loginPort;
    private final int tlsPort;
    private final int tlsLoginPort;
    private final Admin admin;

    private @Nullable Process process;

    /**
     * One of several.
     *
     * @param id from 1 on
     * @param controllers where each of them has its part of the quorum
     */
    private KafkaBroker(int id, List<Integer> controllers, String cluster) throws IOException {
        this.cluster = cluster;
        this.directory = Files.createTempDirectory("tidegate-kafka");
        List<Integer> ports = freePorts(4);
        this.port = ports.get(0);
        this.loginPort = ports.get(1);
        this.tlsPort = ports.get(2);
        this.tlsLoginPort = ports.get(3);
        var issued = authority.server("localhost").issue();
        Files.writeString(directory.resolve("broker.pem"), issued.keyPem() + issued.chainPem());
        Files.writeString(directory.resolve("authority.pem"), authority.pem());
        Files.write(directory.resolve("server.properties"), properties(id, controllers));
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                address(),
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                "100"));
    }

    private static final class Shared {

        static final KafkaBroker BROKER = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close));
        }
    }

    /** One for all tests of a run, which is started when the first of them wants it. Whoever freezes or kills it mends it again. */
    public static KafkaBroker shared() {
        return Shared.BROKER;
    }

    /** One for whoever calls this. */
    public static KafkaBroker start() {
        return start(1).get(0);
    }

    /** So many that are one cluster, for whoever calls this. */
    public static List<KafkaBroker> start(int count) {
        try {
            List<Integer> controllers = freePorts(count);
            String cluster = Uuid.randomUuid().toString();
            List<KafkaBroker> brokers = new ArrayList<>();
            for (int id = 1; id <= count; id++) {
                var broker = new KafkaBroker(id, controllers, cluster);
                brokers.add(broker);
                broker.launch();
            }
            for (KafkaBroker broker : brokers) {
                broker.awaitAnswer();
            }
            return brokers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> properties(int id, List<Integer> controllers) {
        int controllerPort = controllers.get(id - 1);
        String voters = IntStream.rangeClosed(1, controllers.size())
                .mapToObj(each -> each + "@127.0.0.1:" + controllers.get(each - 1))
                .collect(Collectors.joining(","));
        return List.of(
                "process.roles=broker,controller",
                "node.id=" + id,
                "controller.quorum.voters=" + voters,
                "controller.listener.names=CONTROLLER",
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",LOGIN://127.0.0.1:" + loginPort + ",TLS://localhost:"
                        + tlsPort + ",TLSLOGIN://localhost:" + tlsLoginPort + ",CONTROLLER://127.0.0.1:"
                        + controllerPort,
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,LOGIN:SASL_PLAINTEXT,TLS:SSL,TLSLOGIN:SASL_SSL,"
                        + "CONTROLLER:PLAINTEXT",
                "ssl.keystore.type=PEM",
                "ssl.keystore.location=" + directory.resolve("broker.pem"),
                "ssl.truststore.type=PEM",
                "ssl.truststore.location=" + directory.resolve("authority.pem"),
                "listener.name.tls.ssl.client.auth=required",
                "listener.name.tlslogin.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule"
                        + " required user_" + USER + "=\"" + PASSWORD + "\";",
                "sasl.enabled.mechanisms=PLAIN",
                "listener.name.login.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule"
                        + " required user_" + USER + "=\"" + PASSWORD + "\";",
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users=User:ANONYMOUS;User:" + CERTIFIED,
                "log.dirs=" + directory.resolve("data"),
                "default.replication.factor=1",
                "auto.create.topics.enable=false",
                // What one that was killed left behind is not waited for.
                "broker.session.timeout.ms=2000",
                "broker.heartbeat.interval.ms=500",
                // On a busy machine they would go on electing each other.
                "controller.quorum.fetch.timeout.ms=10000",
                "controller.quorum.election.timeout.ms=5000",
                "num.network.threads=1",
                "num.io.threads=2");
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket each : sockets) {
                each.close();
            }
        }
    }

    /** Where clients find it, who are not asked who they are. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Where clients find it, who have to log in: SASL_PLAINTEXT, PLAIN. */
    public String loginAddress() {
        return "127.0.0.1:" + loginPort;
    }

    /** Where clients find it, who have to show a certificate: SSL. */
    public String tlsAddress() {
        return "localhost:" + tlsPort;
    }

    /** Where clients find it, who have to log in, over TLS: SASL_SSL, PLAIN. */
    public String tlsLoginAddress() {
        return "localhost:" + tlsLoginPort;
    }

    /** Whom clients have to trust, and by whom their certificates are issued. */
    public TestCertificates authority() {
        return authority;
    }

    /** What a test does to it. */
    public Admin admin() {
        return admin;
    }

    /** Gives who logs in the rights on a topic that a node needs. */
    public void allowUser(String topic) throws Exception {
        var resource = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        List<AclBinding> allowed = Stream.of(
                        AclOperation.DESCRIBE,
                        AclOperation.DESCRIBE_CONFIGS,
                        AclOperation.READ,
                        AclOperation.WRITE,
                        AclOperation.DELETE,
                        AclOperation.CREATE)
                .map(operation -> new AclBinding(
                        resource, new AccessControlEntry("User:" + USER, "*", operation, AclPermissionType.ALLOW)))
                .toList();
        admin.createAcls(allowed).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Writes to a topic as a program does that is not a node. */
    public void write(String topic, byte @Nullable ... value) {
        try (var producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, (Object) address()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Where the partition of a topic is. */
    public Path partition(String topic) {
        return directory.resolve("data").resolve(topic + "-0");
    }

    /** A name that no other test has. */
    public static String newTopic() {
        return "topic-" + TOPICS.incrementAndGet();
    }

    /** What a node needs to have its log here; patient enough for a busy machine. */
    public KafkaSettings settings(String topic) {
        return new KafkaSettings(
                List.of(address()),
                topic,
                1,
                1,
                4 << 20,
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                Optional.empty(),
                Map.of());
    }

    /** Starts it when it is not running, with the data that it had. */
    public void restart() throws IOException {
        launch();
        awaitAnswer();
    }

    private void launch() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=io/tidegate/kafka/broker-log.xml",
                        "-cp",
                        OwnClassPath.text(),
                        BrokerMain.class.getName(),
                        directory.resolve("server.properties").toString(),
                        cluster)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return directory.resolve("broker.log");
    }

    private void awaitAnswer() throws IOException {
        Process started = process();
        long start = System.nanoTime();
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                started.destroyForcibly();
                throw new AssertionError("the broker does not start: " + Files.readString(log()));
            }
        }
    }

    private boolean answers() {
        try {
            return !admin.describeCluster().nodes().get(1, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Process process() {
        if (process == null) {
            throw new IllegalStateException("it was never started");
        }
        return process;
    }

    /** It does nothing more until it is thawed; its sockets stay open. */
    public void freeze() {
        Signals.freeze(process().pid());
    }

    public void thaw() {
        Signals.thaw(process().pid());
    }

    /** As a power cut would, but for what the system still has in memory. */
    public void kill() {
        process().destroyForcibly();
        try {
            assertThat(process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        kill();
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
