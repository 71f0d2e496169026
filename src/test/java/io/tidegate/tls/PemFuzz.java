package io.tidegate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.fuzz.Fuzzing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Files of certificates and keys with any bytes in them: what is none is refused in one line. */
class PemFuzz {

    private static Path file = Path.of(".");
    private static Path password = Path.of(".");

    @BeforeAll
    static void createFiles() throws IOException {
        file = Files.createTempFile("tidegate-fuzz", ".pem");
        password = Files.writeString(Files.createTempFile("tidegate-fuzz", ".password"), "secret\n");
    }

    @AfterAll
    static void deleteFiles() throws IOException {
        Files.delete(file);
        Files.delete(password);
    }

    private interface Reading {
        void read() throws UnusableCertificateException;
    }

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void whatIsNoCertificateAndNoKeyIsRefusedInOneLine(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        FileContents contents = FileContents.of(List.of(file, password));
        requireTold(() -> {
            List<X509Certificate> chain = Chain.sorted(PemCertificates.read(file, contents));
            assertThat(chain).isNotEmpty();
        });
        for (String algorithm : List.of("EC", "RSA")) {
            requireTold(() -> {
                var files = new CertificateFiles.Pem(file, file, Optional.of(password));
                assertThat(new PemKey(files, contents).read(algorithm)).isNotNull();
            });
        }
    }

    private static void requireTold(Reading reading) {
        try {
            reading.read();
        } catch (UnusableCertificateException e) {
            assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n");
        }
    }
}
