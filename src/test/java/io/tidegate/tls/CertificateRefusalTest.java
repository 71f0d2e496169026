package io.tidegate.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.tls.TestCertificates.Issued;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are refused, each in one line that names the file and says what to do. */
class CertificateRefusalTest {

    private static final TestCertificates CA = TestCertificates.authority("Root");

    private final Instant now = Instant.now();

    @TempDir
    Path directory;

    private final Issued server = CA.server("a.test").issue();

    private Path write(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text);
    }

    private CertificateFiles.Pem pem(String chain, String key) throws Exception {
        return new CertificateFiles.Pem(write("own.crt", chain), write("own.key", key), Optional.empty());
    }

    private void assertRefused(CertificateFiles files, String line) {
        assertThatThrownBy(() -> Certificates.load(
                        "http", CertificatesTest.settings(files), List.of(), InstantSource.fixed(now)))
                .isInstanceOf(UnusableCertificateException.class)
                .hasMessage(line)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aFileThatIsNotThereIsRefused() throws Exception {
        Path none = directory.resolve("none.crt");
        Path key = write("own.key", server.keyPem());

        assertRefused(
                new CertificateFiles.Pem(none, key, Optional.empty()),
                none + ": it cannot be read: there is no such file");
        assertRefused(
                new CertificateFiles.Pem(write("own.crt", server.chainPem()), none, Optional.empty()),
                none + ": it cannot be read: there is no such file");
    }

    @Test
    void whatIsNoCertificateIsRefused() throws Exception {
        assertRefused(
                pem("nothing of that kind", server.keyPem()),
                directory.resolve("own.crt") + ": there is no certificate in it: it has to have one in PEM,"
                        + " -----BEGIN CERTIFICATE-----; one in DER is converted by openssl x509 -inform der -in "
                        + directory.resolve("own.crt") + " -out " + directory.resolve("own.crt") + ".pem");
        assertRefused(
                pem(
                        server.chainPem() + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                        server.keyPem()),
                directory.resolve("own.crt") + ": certificate 3 in it is damaged; see what is wrong with it:"
                        + " openssl x509 -noout -text -in " + directory.resolve("own.crt"));
    }

    @Test
    void aFileWithoutAKeyIsRefused() throws Exception {
        assertRefused(
                pem(server.chainPem(), server.chainPem()),
                directory.resolve("own.key") + ": there is no private key in it: it has to have one in PEM,"
                        + " -----BEGIN PRIVATE KEY-----");
    }

    @Test
    void aKeyOfAnOlderFormIsRefusedWithTheCommandThatConvertsIt() throws Exception {
        Path key = directory.resolve("own.key");
        assertRefused(
                pem(server.chainPem(), server.formerKeyPem()),
                key + ": the key has an older form (EC PRIVATE KEY); convert it: openssl pkcs8 -topk8 -nocrypt -in "
                        + key + " -out " + key + ".pkcs8");
        Issued rsa = CA.server("a.test").rsa(2048).issue();
        assertRefused(
                pem(rsa.chainPem(), rsa.formerKeyPem()),
                key + ": the key has an older form (RSA PRIVATE KEY); convert it: openssl pkcs8 -topk8 -nocrypt -in "
                        + key + " -out " + key + ".pkcs8");
    }

    @Test
    void aKeyThatDoesNotFitIsRefused() throws Exception {
        assertRefused(
                pem(server.chainPem(), CA.server("a.test").issue().keyPem()),
                directory.resolve("own.key") + ": the key is not that of the certificate in "
                        + directory.resolve("own.crt") + ": they have to be a pair");
        assertRefused(
                pem(server.chainPem(), CA.server("a.test").rsa(2048).issue().keyPem()),
                directory.resolve("own.key") + ": the key is no EC key, as that of the certificate is: it is damaged,"
                        + " or belongs to another certificate");
    }

    @Test
    void aCertificateThatIsNotValidNowIsRefused() throws Exception {
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        Path chain = directory.resolve("own.crt");
        Issued expired = CA.server("a.test").until(second.minusSeconds(60)).issue();
        assertRefused(
                pem(expired.chainPem(), expired.keyPem()),
                chain + ": CN=a.test has expired, at " + second.minusSeconds(60) + ": it has to be renewed");
        Issued early = CA.server("a.test").from(second.plusSeconds(60)).issue();
        assertRefused(
                pem(early.chainPem(), early.keyPem()),
                chain + ": CN=a.test is not valid before " + second.plusSeconds(60)
                        + ": wait for that, or set the clock of this machine, which says " + now);
    }

    @Test
    void whatClientsWouldRefuseAsWeakIsRefused() throws Exception {
        Path chain = directory.resolve("own.crt");
        Issued small = CA.server("a.test").rsa(1024).issue();
        assertRefused(
                pem(small.chainPem(), small.keyPem()),
                chain
                        + ": CN=a.test has an RSA key of 1024 bits, which clients refuse: make one of 2048, or an EC key");
        Issued sha1 = CA.server("a.test").signedBy("SHA1withECDSA").issue();
        assertRefused(
                pem(sha1.chainPem(), sha1.keyPem()),
                chain + ": CN=a.test is signed by SHA1withECDSA, which clients refuse: have it signed by SHA-256");
    }

    @Test
    void aPasswordThatIsWrongOrMissingIsToldAsSuch() throws Exception {
        Path chain = write("own.crt", server.chainPem());
        Path key = write("own.key", server.keyPem("sesame"));
        Path password = write("password", "open");
        assertRefused(
                new CertificateFiles.Pem(chain, key, Optional.of(password)),
                key + ": the password in " + password + " does not open it");
        assertRefused(
                new CertificateFiles.Pem(chain, key, Optional.empty()),
                key + ": the key is encrypted: name the file of its password, key-password-file");
        Path store = Files.write(directory.resolve("own.p12"), server.pkcs12("sesame"));
        assertRefused(
                new CertificateFiles.Pkcs12(store, Optional.of(password)),
                store + ": the password in " + password + " does not open it");
        assertRefused(
                new CertificateFiles.Pkcs12(store, Optional.empty()),
                store + ": it needs a password: name the file of it, password-file");
    }

    @Test
    void whatIsNoPkcs12IsRefused() throws Exception {
        Path store = write("own.p12", "nothing of that kind");
        assertRefused(
                new CertificateFiles.Pkcs12(store, Optional.empty()),
                store + ": it is no PKCS#12, or damaged; see what is wrong with it: openssl pkcs12 -info -in " + store);
    }

    @Test
    void aFileThatIsFarTooLargeIsNotRead() throws Exception {
        Path large = Files.write(directory.resolve("large.crt"), new byte[(1 << 20) + 1]);
        assertRefused(
                new CertificateFiles.Pem(large, write("own.key", server.keyPem()), Optional.empty()),
                large + ": it cannot be read: it has more than 1,048,576 bytes");
    }

    @Test
    void aKeyThatEverybodyMayReadIsAWarning() throws Exception {
        CertificateFiles files = server.write(directory, "own");
        assertThat(KeyPermissions.warnings(List.of(files))).isEmpty();

        Files.setPosixFilePermissions(directory.resolve("own.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(KeyPermissions.warnings(List.of(files)))
                .containsExactly(directory.resolve("own.key") + " can be read by every user of this machine: chmod o-r "
                        + directory.resolve("own.key"));
    }
}
