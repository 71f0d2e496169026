package io.tidegate.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.tls.TestCertificates.Issued;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener encrypts with: which files are taken and which refused, and what clients are offered. */
class CertificatesTest {

    private static final TestCertificates CA = TestCertificates.authority("Root");

    private final Instant now = Instant.now();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Issued server;

    @BeforeEach
    void issue() {
        server = CA.server("a.test").issue();
    }

    static TlsSettings settings(CertificateFiles... files) {
        return new TlsSettings(
                List.of(files),
                List.of("TLSv1.3", "TLSv1.2"),
                ClientAuth.NONE,
                Optional.empty(),
                Duration.ofSeconds(10));
    }

    private Certificates load(CertificateFiles... files) throws UnusableCertificateException {
        return load(settings(files));
    }

    private Certificates load(TlsSettings settings) throws UnusableCertificateException {
        return Certificates.load("http", settings, List.of("http/1.1"), InstantSource.fixed(now));
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text);
    }

    private CertificateFiles.Pem pem(String chain, String key) throws Exception {
        return new CertificateFiles.Pem(write("own.crt", chain), write("own.key", key), Optional.empty());
    }

    private static X509Certificate shownTo(String name, Certificates certificates) throws SSLException {
        return Handshake.of(Handshake.client(CA, name), certificates.engine())
                .shown()
                .get(0);
    }

    // What is taken

    @Test
    void aPairOfEachKindOfKeyIsTaken() throws Exception {
        for (Issued each : List.of(
                server,
                CA.server("a.test").rsa(2048).issue(),
                CA.server("a.test").ed25519().issue())) {
            Certificates certificates = load(each.write(directory, "own"));

            assertThat(shownTo("a.test", certificates)).isEqualTo(each.certificate());
        }
    }

    @Test
    void anEncryptedKeyIsOpenedByThePasswordInAFile() throws Exception {
        var files = new CertificateFiles.Pem(
                write("own.crt", server.chainPem()),
                write("own.key", server.keyPem("sesame")),
                Optional.of(write("password", "sesame\n")));

        assertThat(shownTo("a.test", load(files))).isEqualTo(server.certificate());
    }

    @Test
    void aPkcs12IsOpenedByThePasswordInAFile() throws Exception {
        Path store = Files.write(directory.resolve("own.p12"), server.pkcs12("sesame"));
        var files = new CertificateFiles.Pkcs12(store, Optional.of(write("password", "sesame\r\n")));

        assertThat(shownTo("a.test", load(files))).isEqualTo(server.certificate());
    }

    @Test
    void aChainOutOfOrderIsSortedAndWhatDoesNotBelongToItIsLeftOut() throws Exception {
        Issued issued = TestCertificates.authority("Root")
                .intermediate("Middle")
                .server("a.test")
                .issue();
        List<X509Certificate> shuffled = new ArrayList<>(issued.chain());
        Collections.reverse(shuffled);
        shuffled.add(1, CA.intermediate("Stranger").certificate());

        assertThat(Chain.sorted(shuffled)).isEqualTo(issued.chain());
    }

    @Test
    void aChainInReverseIsServedInOrder() throws Exception {
        Issued issued = CA.intermediate("Middle").server("a.test").issue();
        List<X509Certificate> reversed = new ArrayList<>(issued.chain());
        Collections.reverse(reversed);
        var files = pem(new Issued(issued.keys(), reversed).chainPem(), issued.keyPem());

        var handshake = Handshake.of(Handshake.client(CA, "a.test"), load(files).engine());

        assertThat(handshake.shown()).isEqualTo(issued.chain());
    }

    @Test
    void textAroundTheBlocksIsPassedOver() throws Exception {
        var files = pem(
                "subject=CN = a.test\n" + server.chainPem() + "\n# end\n",
                "Bag Attributes\n    localKeyID: 01\n" + server.keyPem().replace("\n", "\r\n"));

        assertThat(shownTo("a.test", load(files))).isEqualTo(server.certificate());
    }

    // Which is shown to whom

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientIsShownTheCertificateOfTheNameThatItAsksForWhateverTheKindOfItsKey(String protocol) throws Exception {
        CertificateFiles rsa = CA.server("b.test").rsa(2048).issue().write(directory, "b");
        CertificateFiles ec = server.write(directory, "a");
        CertificateFiles wild = CA.server("c.test", "*.d.test").issue().write(directory, "c");
        for (List<CertificateFiles> order : List.of(List.of(rsa, ec, wild), List.of(wild, ec, rsa))) {
            Certificates certificates = load(new TlsSettings(
                    order, List.of(protocol), ClientAuth.NONE, Optional.empty(), Duration.ofSeconds(10)));

            assertThat(subject("a.test", certificates)).isEqualTo("CN=a.test");
            assertThat(subject("b.test", certificates)).isEqualTo("CN=b.test");
            assertThat(subject("B.TEST", certificates)).isEqualTo("CN=b.test");
            assertThat(subject("x.d.test", certificates)).isEqualTo("CN=c.test");
        }
    }

    private static String subject(String asked, Certificates certificates) throws SSLException {
        return shownTo(asked, certificates).getSubjectX500Principal().toString();
    }

    @Test
    void whoAsksForNoNameOrForOneThatIsNotThereIsShownTheFirst() throws Exception {
        CertificateFiles rsa = CA.server("b.test").rsa(2048).issue().write(directory, "b");
        CertificateFiles ec = server.write(directory, "a");
        for (String asked : List.of("", "none.test", "x.y.d.test")) {
            assertThat(subject(asked, load(rsa, ec))).isEqualTo("CN=b.test");
            assertThat(subject(asked, load(ec, rsa))).isEqualTo("CN=a.test");
        }
    }

    @Test
    void ofOneNameWithTwoKindsOfKeysTheClientIsShownTheOneThatItTakes() throws Exception {
        CertificateFiles rsa = CA.server("a.test").rsa(2048).issue().write(directory, "rsa");
        Certificates certificates = load(server.write(directory, "ec"), rsa);
        for (String asked : List.of("a.test", "none.test")) {
            SSLEngine client = Handshake.client(CA, asked);
            client.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});

            X509Certificate shown =
                    Handshake.of(client, certificates.engine()).shown().get(0);

            assertThat(shown.getPublicKey().getAlgorithm()).isEqualTo("RSA");
            assertThat(shownTo(asked, certificates).getPublicKey().getAlgorithm())
                    .isEqualTo("EC");
        }
    }

    // What is offered

    @Test
    void onlyNewVersionsAndStrongSuitesAreOffered() throws Exception {
        SSLEngine engine = load(server.write(directory, "own")).engine();

        assertThat(engine.getUseClientMode()).isFalse();
        assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
        assertThat(engine.getEnabledCipherSuites())
                .hasSize(9)
                .allMatch(suite ->
                        suite.matches("TLS_(ECDHE_(RSA|ECDSA)_WITH_)?(AES_(256|128)_GCM|CHACHA20_POLY1305)_SHA\\d+"));
        assertThat(engine.getSSLParameters().getUseCipherSuitesOrder()).isTrue();
    }

    @Test
    void aVersionThatIsNotSetIsNotSpoken() throws Exception {
        CertificateFiles files = server.write(directory, "own");
        Certificates newest = load(new TlsSettings(
                List.of(files), List.of("TLSv1.3"), ClientAuth.NONE, Optional.empty(), Duration.ofSeconds(10)));
        SSLEngine client = Handshake.client(CA, "a.test");
        client.setEnabledProtocols(new String[] {"TLSv1.2"});

        assertThatThrownBy(() -> Handshake.of(client, newest.engine())).isInstanceOf(SSLException.class);
    }

    @Test
    void theServerChoosesTheSuite() throws Exception {
        Certificates certificates = load(server.write(directory, "own"));
        SSLEngine client = Handshake.client(CA, "a.test");
        String[] reversed = client.getEnabledCipherSuites();
        Collections.reverse(Arrays.asList(reversed));
        client.setEnabledCipherSuites(reversed);

        var handshake = Handshake.of(client, certificates.engine());

        assertThat(handshake.client().getSession().getCipherSuite()).isEqualTo("TLS_AES_256_GCM_SHA384");
    }

    @Test
    void whoAsksForAProtocolInsideIsToldWhichIsSpoken() throws Exception {
        CertificateFiles files = server.write(directory, "own");
        Certificates lines = Certificates.load("tcp", settings(files), List.of(), InstantSource.fixed(now));

        assertThat(spoken(load(files), "h2", "http/1.1")).isEqualTo("http/1.1");
        assertThat(spoken(lines, "h2", "http/1.1")).isEmpty();
        assertThatThrownBy(() -> spoken(load(files), "h2")).isInstanceOf(SSLException.class);
    }

    private static String spoken(Certificates certificates, String... asked) throws SSLException {
        SSLEngine client = Handshake.client(CA, "a.test");
        SSLParameters parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(asked);
        client.setSSLParameters(parameters);
        return Handshake.of(client, certificates.engine()).client().getApplicationProtocol();
    }

    // Certificates of clients

    private Certificates asking(ClientAuth clientAuth) throws Exception {
        return load(new TlsSettings(
                List.of(server.write(directory, "own")),
                List.of("TLSv1.3", "TLSv1.2"),
                clientAuth,
                Optional.of(write("clients.pem", CA.pem())),
                Duration.ofSeconds(10)));
    }

    @Test
    void aClientThatHasToShowACertificateIsServedWithOneOfTheRightAuthorityOnly() throws Exception {
        Certificates certificates = asking(ClientAuth.REQUIRE);
        Issued own =
                CA.client("CN=publisher-7").uri("spiffe://acme/publisher/7").issue();
        Issued foreign =
                TestCertificates.authority("Root").client("CN=publisher-7").issue();

        var handshake = Handshake.of(Handshake.client(CA, "a.test", own), certificates.engine());

        assertThat(handshake.server().getSession().getPeerCertificates()[0]).isEqualTo(own.certificate());
        assertThat(own.certificate().getSubjectAlternativeNames())
                .containsExactly(List.of(6, "spiffe://acme/publisher/7"));
        assertThatThrownBy(() -> Handshake.of(Handshake.client(CA, "a.test"), certificates.engine()))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> Handshake.of(Handshake.client(CA, "a.test", foreign), certificates.engine()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void aClientThatMayShowACertificateIsServedWithoutOneToo() throws Exception {
        Certificates certificates = asking(ClientAuth.WANT);
        Issued own = CA.client("CN=publisher-7").issue();

        assertThat(Handshake.of(Handshake.client(CA, "a.test", own), certificates.engine())
                        .server()
                        .getSession()
                        .getPeerCertificates()[0])
                .isEqualTo(own.certificate());
        Handshake.of(Handshake.client(CA, "a.test"), certificates.engine());
    }

    @Test
    void aFileWithoutAuthoritiesIsRefused() throws Exception {
        Path none = write("clients.pem", "none");
        var settings = new TlsSettings(
                List.of(server.write(directory, "own")),
                List.of("TLSv1.3"),
                ClientAuth.REQUIRE,
                Optional.of(none),
                Duration.ofSeconds(10));

        assertThatThrownBy(() -> load(settings)).hasMessageStartingWith(none + ": there is no certificate in it");
    }
}
