package io.tidegate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloadable.Trigger;
import io.tidegate.tls.TestCertificates.Issued;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are rotated while their listener is in use. */
class CertificatesReloadTest {

    private static final TestCertificates CA = TestCertificates.authority("Root");

    @TempDir
    Path directory;

    private final Issued first = CA.server("a.test").issue();
    private final Issued second = CA.server("a.test").issue();

    @SuppressWarnings("NullAway.Init") // set before each test
    private CertificateFiles.Pem files;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Certificates certificates;

    @BeforeEach
    void load() throws Exception {
        files = first.write(directory, "own");
        certificates = load(files);
    }

    private static Certificates load(CertificateFiles files) throws UnusableCertificateException {
        return Certificates.load("http", CertificatesTest.settings(files), List.of(), InstantSource.system());
    }

    private static void assertShown(Issued issued, Certificates certificates) throws Exception {
        assertThat(Handshake.of(Handshake.client(CA, "a.test"), certificates.engine())
                        .shown()
                        .get(0))
                .isEqualTo(issued.certificate());
    }

    private static Reload reloaded(Issued issued) {
        return Reload.reloaded(
                "CN=a.test, valid until " + issued.certificate().getNotAfter().toInstant());
    }

    @Test
    void whatHasNotChangedIsLeftAlone() throws Exception {
        assertThat(certificates.reload(Trigger.HAND)).isEqualTo(Reload.unchanged());
        Files.setLastModifiedTime(files.chain(), FileTime.fromMillis(0));
        assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
    }

    @Test
    void aNewPairIsTakenOverAndIsShownToNewConnections() throws Exception {
        FileTime before = Files.getLastModifiedTime(files.chain());
        second.write(directory, "own");
        // As a copy has it that keeps times.
        Files.setLastModifiedTime(files.chain(), before);
        Files.setLastModifiedTime(files.key(), before);

        assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(reloaded(second));

        assertShown(second, certificates);
        assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
    }

    @Test
    void aConnectionThatIsThereGoesOn() throws Exception {
        var handshake = Handshake.of(Handshake.client(CA, "a.test"), certificates.engine());
        second.write(directory, "own");
        certificates.reload(Trigger.INTERVAL);

        ByteBuffer sealed = ByteBuffer.allocate(1 << 15);
        handshake.server().wrap(ByteBuffer.wrap("still here".getBytes(StandardCharsets.UTF_8)), sealed);
        sealed.flip();
        ByteBuffer opened = ByteBuffer.allocate(1 << 15);
        while (sealed.hasRemaining()) {
            handshake.client().unwrap(sealed, opened);
        }

        assertThat(new String(opened.array(), 0, opened.position(), StandardCharsets.UTF_8))
                .isEqualTo("still here");
        assertThat(handshake.shown().get(0)).isEqualTo(first.certificate());
    }

    /** A secret in Kubernetes: {@code tls.crt → ..data/tls.crt}, and {@code ..data} is another directory in one step. */
    @Test
    void aLinkThatIsSwappedIsSeen() throws Exception {
        Path one = Files.createDirectory(directory.resolve("..one"));
        Path other = Files.createDirectory(directory.resolve("..other"));
        first.write(one, "tls");
        second.write(other, "tls");
        Path data = Files.createSymbolicLink(directory.resolve("..data"), one.getFileName());
        Path chain = Files.createSymbolicLink(directory.resolve("tls.crt"), Path.of("..data/tls.crt"));
        Path key = Files.createSymbolicLink(directory.resolve("tls.key"), Path.of("..data/tls.key"));
        Certificates linked = load(new CertificateFiles.Pem(chain, key, Optional.empty()));

        Path next = Files.createSymbolicLink(directory.resolve("..next"), other.getFileName());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);

        assertThat(linked.reload(Trigger.INTERVAL)).isEqualTo(reloaded(second));
        assertShown(second, linked);
    }

    @Test
    void betweenTwoWritesNothingIsToldAndThenThePairIsTakenOver() throws Exception {
        Files.writeString(files.chain(), second.chainPem());
        assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
        assertShown(first, certificates);

        Files.writeString(files.key(), second.keyPem());
        assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(reloaded(second));
        assertShown(second, certificates);
    }

    private Reload misfit() {
        return Reload.refused(files.key() + ": the key is not that of the certificate in " + files.chain()
                + ": they have to be a pair");
    }

    @Test
    void aPairThatStillDoesNotFitAtTheNextLookIsToldOnce() throws Exception {
        Files.writeString(files.chain(), second.chainPem());

        assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
        assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(misfit());
        assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
        assertShown(first, certificates);

        Files.delete(files.key());
        assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
        assertThat(certificates.reload(Trigger.INTERVAL))
                .isEqualTo(Reload.refused(files.key() + ": it cannot be read: there is no such file"));

        Files.writeString(files.key(), second.keyPem());
        assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(reloaded(second));
    }

    @Test
    void whoAsksIsToldAtOnceAndEachTime() throws Exception {
        Files.writeString(files.chain(), second.chainPem());

        assertThat(certificates.reload(Trigger.HAND)).isEqualTo(misfit());
        assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
        assertThat(certificates.reload(Trigger.HAND)).isEqualTo(misfit());
        assertShown(first, certificates);
    }

    @Test
    void aMistakeThatIsMadeAgainIsToldAgain() throws Exception {
        for (int i = 0; i < 2; i++) {
            Files.writeString(files.chain(), second.chainPem());
            assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
            assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(misfit());
            Files.writeString(files.chain(), first.chainPem());
            assertThat(certificates.reload(Trigger.INTERVAL)).isEqualTo(Reload.unchanged());
        }
    }
}
