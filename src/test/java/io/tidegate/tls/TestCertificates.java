package io.tidegate.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** An authority that issues certificates for tests: valid for a year from yesterday, unless they are ordered otherwise. */
public final class TestCertificates {

    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final Issued authority;

    private TestCertificates(Issued authority) {
        this.authority = authority;
    }

    /** A root of that name. */
    public static TestCertificates authority(String name) {
        return new TestCertificates(new Order(null, "CN=" + name).asAuthority().issue());
    }

    /** An authority that this one confirms. */
    public TestCertificates intermediate(String name) {
        return new TestCertificates(
                new Order(authority, "CN=" + name).asAuthority().issue());
    }

    /** The certificate of the authority itself. */
    public X509Certificate certificate() {
        return authority.certificate();
    }

    /** That in PEM. */
    public String pem() {
        return TestCertificates.pem(certificate());
    }

    /** Who trusts this authority, and shows that of itself; nothing if it is null. */
    public SSLContext context(@Nullable Issued own) {
        try {
            KeyStore trusted = store();
            trusted.setCertificateEntry("authority", certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            KeyStore owned = store();
            if (own != null) {
                owned.setKeyEntry(
                        "own", own.keys().getPrivate(), new char[0], own.chain().toArray(X509Certificate[]::new));
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(owned, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** A certificate for a server of these names, the first of which is its subject. */
    public Order server(String... names) {
        var order = new Order(authority, "CN=" + names[0]);
        for (String name : names) {
            order.names.add(new GeneralName(GeneralName.dNSName, name));
        }
        return order;
    }

    /** A certificate for a client. */
    public Order client(String subject) {
        return new Order(authority, subject);
    }

    /** What a certificate shall be like. */
    public static final class Order {

        private final @Nullable Issued issuer;
        private final String subject;
        private final List<GeneralName> names = new ArrayList<>();
        private boolean isAuthority;
        private KeyPair keys = ec();
        private String signature = "";
        private Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1));
        private Instant until = from.plus(Duration.ofDays(365));

        private Order(@Nullable Issued issuer, String subject) {
            this.issuer = issuer;
            this.subject = subject;
        }

        private Order asAuthority() {
            isAuthority = true;
            return this;
        }

        /** A further name, {@code spiffe://acme/publisher/7}. */
        public Order uri(String uri) {
            names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
            return this;
        }

        public Order rsa(int bits) {
            return keys(generate("RSA", bits));
        }

        public Order ed25519() {
            return keys(generate("Ed25519", 255));
        }

        public Order keys(KeyPair told) {
            keys = told;
            return this;
        }

        /** By which algorithm it is signed: {@code SHA1withECDSA}. */
        public Order signedBy(String algorithm) {
            signature = algorithm;
            return this;
        }

        public Order from(Instant begin) {
            from = begin;
            return this;
        }

        public Order until(Instant end) {
            until = end;
            return this;
        }

        public Issued issue() {
            PrivateKey signing =
                    issuer == null ? keys.getPrivate() : issuer.keys().getPrivate();
            X500Name by = new X500Name(
                    issuer == null
                            ? subject
                            : issuer.certificate().getSubjectX500Principal().getName());
            String algorithm = signature.isEmpty() ? "SHA256withECDSA" : signature;
            try {
                var builder = new JcaX509v3CertificateBuilder(
                        by,
                        BigInteger.valueOf(SERIAL.getAndIncrement()),
                        Date.from(from),
                        Date.from(until),
                        new X500Name(subject),
                        keys.getPublic());
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
                if (!names.isEmpty()) {
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            subject.isEmpty(),
                            new GeneralNames(names.toArray(GeneralName[]::new)));
                }
                X509Certificate certificate = new JcaX509CertificateConverter()
                        .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(signing)));
                Stream<X509Certificate> above = issuer == null ? Stream.of() : issuer.chain().stream();
                return new Issued(
                        keys, Stream.concat(Stream.of(certificate), above).toList());
            } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * A certificate with its key.
     *
     * @param chain up to the root
     */
    public record Issued(KeyPair keys, List<X509Certificate> chain) {

        public X509Certificate certificate() {
            return chain.get(0);
        }

        /** The whole chain in PEM. */
        public String chainPem() {
            return String.join("", chain.stream().map(TestCertificates::pem).toList());
        }

        /** The key as PKCS#8. */
        public String keyPem() {
            return keyPem(null);
        }

        /** The key as PKCS#8, encrypted as OpenSSL does it. */
        public String keyPem(@Nullable String password) {
            try {
                return pem(new JcaPKCS8Generator(keys.getPrivate(), password == null ? null : encryptor(password)));
            } catch (IOException | OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }

        private static OutputEncryptor encryptor(String password) throws OperatorCreationException {
            return new JceOpenSSLPKCS8EncryptorBuilder(JcaPKCS8Generator.AES_256_CBC)
                    .setProvider(new BouncyCastleProvider())
                    .setPRF(JcaPKCS8Generator.PRF_HMACSHA256)
                    .setPassword(password.toCharArray())
                    .build();
        }

        /** The key as {@code RSA PRIVATE KEY} or {@code EC PRIVATE KEY}. */
        public String formerKeyPem() {
            try {
                return pem(new JcaMiscPEMGenerator(keys.getPrivate()));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        public byte[] pkcs12(String password) {
            try {
                KeyStore store = store();
                store.setKeyEntry(
                        "own", keys.getPrivate(), password.toCharArray(), chain.toArray(X509Certificate[]::new));
                var bytes = new ByteArrayOutputStream();
                store.store(bytes, password.toCharArray());
                return bytes.toByteArray();
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Writes {@code NAME.crt} and {@code NAME.key}, which only the owner can read. */
        public CertificateFiles.Pem write(Path directory, String name) throws IOException {
            Path chainFile = Files.writeString(directory.resolve(name + ".crt"), chainPem());
            Path keyFile = directory.resolve(name + ".key");
            Files.deleteIfExists(keyFile);
            Files.createFile(
                    keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(keyFile, keyPem());
            return new CertificateFiles.Pem(chainFile, keyFile, Optional.empty());
        }
    }

    private static String pem(Object object) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    private static KeyPair ec() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair generate(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
