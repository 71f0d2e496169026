package io.tidegate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AuditTest {

    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-11-29T12:00:00Z"));
    private static final String BEGIN = "{\"time\":\"2026-11-29T12:00:00Z\",\"event\":";
    private static final int PER_ADDRESS = 2;
    private static final int ADDRESSES = 3;

    @TempDir
    Path directory;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AtomicLong nanos = new AtomicLong(1);
    private final Audit audit = Audit.to(lines::add, settings(Optional.empty()), NOON, nanos::get);

    private static AuditSettings settings(Optional<Path> file) {
        return new AuditSettings(file, 100, PER_ADDRESS, ADDRESSES);
    }

    private static InetAddress address(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    private void refuse(InetAddress from) {
        audit.refused("unknown", "", from, "tcp", "tcp");
    }

    private static String refused(String address) {
        return BEGIN + "\"refused\",\"reason\":\"unknown\",\"address\":\"" + address
                + "\",\"listener\":\"tcp\",\"transport\":\"tcp\"}";
    }

    private static String more(String address, int times) {
        return BEGIN + "\"refused-more\",\"address\":\"" + address + "\",\"times\":" + times + "}";
    }

    // ---- events

    @Test
    void eachEventIsOneObject() throws Exception {
        audit.refused("forbidden", "desk", address(1), "admin", "http");
        audit.operated(Operator.http("ops", "10.0.0.2"), "end-connections", Map.of("which", "identity=desk"));
        audit.operated(Operator.JMX, "drain", Map.of());
        audit.reloaded("identities", "refused", "tokens: line 3 is no token");
        audit.ended("revoked", "desk", address(1), "tcp", "tcp", 7);

        assertThat(lines)
                .containsExactly(
                        BEGIN + "\"refused\",\"reason\":\"forbidden\",\"identity\":\"desk\",\"address\":\"10.0.0.1\","
                                + "\"listener\":\"admin\",\"transport\":\"http\"}",
                        BEGIN + "\"operated\",\"act\":\"end-connections\",\"by\":\"http\",\"identity\":\"ops\","
                                + "\"address\":\"10.0.0.2\",\"which\":\"identity=desk\"}",
                        BEGIN + "\"operated\",\"act\":\"drain\",\"by\":\"jmx\"}",
                        BEGIN + "\"reloaded\",\"what\":\"identities\",\"result\":\"refused\","
                                + "\"line\":\"tokens: line 3 is no token\"}",
                        BEGIN + "\"ended\",\"reason\":\"revoked\",\"identity\":\"desk\",\"address\":\"10.0.0.1\","
                                + "\"listener\":\"tcp\",\"transport\":\"tcp\",\"connection\":7}");
    }

    @Test
    void nobodyWritesLinesOfHisOwn() throws Exception {
        String name = "x\"}\n{\"event\":\"operated\"}\r\u001b[2J\u2028\u202e\u0000\ud800";
        audit.refused("forbidden", name, address(1), "admin", "http");
        audit.operated(Operator.http(name, "10.0.0.2"), "drain", Map.of("which", name));
        audit.ended("revoked", name, address(1), "tcp", "tcp", 7);

        assertThat(lines).hasSize(3).allSatisfy(line -> {
            assertThat(line).matches("[\\x20-\\x7e]*");
            assertThat(line)
                    .contains(
                            "\"x\\\"}U+000A{\\\"event\\\":\\\"operated\\\"}U+000DU+001B[2JU+2028U+202EU+0000U+D800\"");
        });
    }

    @Test
    void whatIsLongerThanANameIsCut() {
        audit.operated(Operator.JMX, "drain", Map.of("which", "\ud83d\ude00".repeat(300)));

        assertThat(lines).singleElement().asString().contains("\"" + "\ud83d\ude00".repeat(256) + "…\"");
    }

    // ---- how many

    @Test
    void ofOneAddressSoManyAreToldAndTheOthersAreCounted() throws Exception {
        for (int i = 0; i < 5; i++) {
            refuse(address(1));
        }
        refuse(address(2));
        assertThat(lines).containsExactly(refused("10.0.0.1"), refused("10.0.0.1"), refused("10.0.0.2"));
        lines.clear();

        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        audit.look();
        assertThat(lines).isEmpty();

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        audit.look();
        assertThat(lines).containsExactly(more("10.0.0.1", 3));
        refuse(address(1));
        assertThat(lines).last().isEqualTo(refused("10.0.0.1"));
    }

    @Test
    void aNetworkOfIpv6IsOneAddress() throws Exception {
        for (int i = 1; i <= 3; i++) {
            refuse(InetAddress.getByName("2001:db8:0:1::" + i));
        }
        audit.close();

        assertThat(lines).hasSize(3).last().isEqualTo(more("2001:db8:0:1:0:0:0:0/64", 1));
    }

    @Test
    void whoIsForgottenForOthersIsStillCounted() throws Exception {
        for (int i = 0; i < 4; i++) {
            refuse(address(1));
        }
        for (int i = 2; i <= ADDRESSES + 1; i++) {
            refuse(address(i));
        }

        assertThat(lines).containsSubsequence(more("10.0.0.1", 2), refused("10.0.0.4"));
    }

    // ---- the file

    private Audit open(Path file) throws IOException {
        return Audit.open(settings(Optional.of(file)), NOON, nanos::get);
    }

    @Test
    void theFileIsForItsOwnerAndIsAppendedTo() throws Exception {
        Path file = directory.resolve("audit.log");
        for (String act : List.of("drain", "reload")) {
            try (Audit toFile = open(file)) {
                toFile.operated(Operator.SIGNAL, act, Map.of());
            }
        }

        assertThat(Files.readAllLines(file))
                .containsExactly(
                        BEGIN + "\"operated\",\"act\":\"drain\",\"by\":\"signal\"}",
                        BEGIN + "\"operated\",\"act\":\"reload\",\"by\":\"signal\"}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsRenamedIsMadeAnew() throws Exception {
        Path file = directory.resolve("audit.log");
        try (Audit toFile = open(file)) {
            toFile.operated(Operator.SIGNAL, "reload", Map.of());
            Await.until(() -> file.toFile().length() > 0);
            Files.move(file, directory.resolve("audit.log.1"));
            toFile.operated(Operator.SIGNAL, "drain", Map.of());
        }

        assertThat(Files.readAllLines(file)).singleElement().asString().contains("drain");
    }

    @Test
    void aFileThatCannotBeWrittenIsToldAtOnce() {
        assertThatThrownBy(() -> open(directory.resolve("none").resolve("audit.log")))
                .isInstanceOf(IOException.class);
    }
}
