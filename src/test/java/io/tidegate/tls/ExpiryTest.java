package io.tidegate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tidegate.reload.Reloadable.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Until when certificates are valid, by a time that passes when the test says so. */
class ExpiryTest {

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(Expiry.class);

    @TempDir
    Path directory;

    private final Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(30));
    private final TestCertificates ca = TestCertificates.authority("Root");
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    private Instant now = end.minus(Duration.ofDays(20));

    @BeforeEach
    void listen() {
        said.start();
        LOGGER.addAppender(said);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.detachAppender(said);
    }

    private Certificates load() throws Exception {
        CertificateFiles files = ca.server("a.test").until(end).issue().write(directory, "own");
        return Certificates.load("http", CertificatesTest.settings(files), List.of(), () -> now);
    }

    private List<String> warnings() {
        List<String> lines = said.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
        said.list.clear();
        return lines;
    }

    @Test
    void howLongEachIsValidIsCountedDownAndBelowZero() throws Exception {
        var expiry = new Expiry(List.of(load()), () -> now);
        assertThat(expiry.validities())
                .contains(new Expiry.Validity("http", "CN=a.test", Duration.ofDays(20)))
                .extracting(Expiry.Validity::subject)
                .containsExactly("CN=Root", "CN=a.test");

        now = end.plusSeconds(5);
        assertThat(expiry.validities()).contains(new Expiry.Validity("http", "CN=a.test", Duration.ofSeconds(-5)));
    }

    @Test
    void ofSeveralOfOneSubjectTheOneCountsThatExpiresFirst() throws Exception {
        CertificateFiles sooner = ca.server("a.test").until(end).issue().write(directory, "sooner");
        CertificateFiles later =
                ca.server("a.test").until(end.plusSeconds(9)).issue().write(directory, "later");
        var both = Certificates.load("http", CertificatesTest.settings(later, sooner), List.of(), () -> now);

        assertThat(new Expiry(List.of(both), () -> now).validities())
                .contains(new Expiry.Validity("http", "CN=a.test", Duration.ofDays(20)))
                .hasSize(2);
    }

    @Test
    void itIsWarnedOnceADayFromTwoWeeksBeforeTheEnd() throws Exception {
        var expiry = new Expiry(List.of(load()), () -> now);
        now = end.minus(Duration.ofDays(14));
        expiry.look();
        assertThat(warnings()).isEmpty();

        now = now.plusSeconds(1);
        expiry.look();
        assertThat(warnings())
                .containsExactly("The certificate of CN=a.test expires in 13 days, at " + end + ": renew it");

        now = now.plus(Duration.ofHours(24)).minusSeconds(1);
        expiry.look();
        assertThat(warnings()).isEmpty();
        now = now.plusSeconds(1);
        expiry.look();
        assertThat(warnings()).hasSize(1);

        now = end.plusSeconds(1);
        expiry.look();
        assertThat(warnings())
                .containsExactly(
                        "The certificate of CN=a.test has expired, at " + end + ": clients refuse it. Renew it");
    }

    @Test
    void oneThatWasRenewedIsWarnedOfNoMore() throws Exception {
        Certificates certificates = load();
        var expiry = new Expiry(List.of(certificates), () -> now);
        now = end.minus(Duration.ofDays(1));
        expiry.look();
        assertThat(warnings()).hasSize(1);

        ca.server("a.test").until(end.plus(Duration.ofDays(90))).issue().write(directory, "own");
        certificates.reload(Trigger.INTERVAL);
        now = end.plusSeconds(1);
        expiry.look();

        assertThat(warnings()).isEmpty();
    }
}
