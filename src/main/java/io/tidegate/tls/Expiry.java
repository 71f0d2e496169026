package io.tidegate.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Until when certificates are valid; warns before that, once a day. Thread-safe. */
public final class Expiry {

    private static final Duration NOTICE = Duration.ofDays(14);
    private static final Duration REMINDER = Duration.ofDays(1);

    private static final Logger log = LoggerFactory.getLogger(Expiry.class);

    /**
     * How long a certificate is valid from now on.
     *
     * @param listener that uses it
     * @param subject whose it is; where several are in use, it is the one that expires first
     * @param left negative once it has expired
     */
    public record Validity(String listener, String subject, Duration left) {}

    private final List<Certificates> all;
    private final InstantSource clock;

    /** When each was warned of, of those that are in use. Guarded by this. */
    private final Map<X509Certificate, Instant> warned = new HashMap<>();

    public Expiry(List<Certificates> all, InstantSource clock) {
        this.all = List.copyOf(all);
        this.clock = clock;
    }

    /** How long each is valid. */
    public List<Validity> validities() {
        Instant now = clock.instant();
        List<Validity> validities = new ArrayList<>();
        for (Certificates certificates : all) {
            Map<String, Duration> left = new TreeMap<>();
            for (X509Certificate each : certificates.inUse()) {
                left.merge(
                        CertificateText.subject(each),
                        left(each, now),
                        (one, other) -> one.compareTo(other) < 0 ? one : other);
            }
            left.forEach((subject, each) -> validities.add(new Validity(certificates.listener(), subject, each)));
        }
        return validities;
    }

    private static Duration left(X509Certificate certificate, Instant now) {
        return Duration.between(now, certificate.getNotAfter().toInstant());
    }

    /** Warns of those that expire soon; to be called every now and then. */
    public synchronized void look() {
        Instant now = clock.instant();
        List<X509Certificate> inUse =
                all.stream().flatMap(each -> each.inUse().stream()).distinct().toList();
        warned.keySet().retainAll(inUse);
        for (X509Certificate each : inUse) {
            Duration left = left(each, now);
            Instant before = warned.get(each);
            if (left.compareTo(NOTICE) < 0 && (before == null || !now.isBefore(before.plus(REMINDER)))) {
                warned.put(each, now);
                warn(each, left);
            }
        }
    }

    private static void warn(X509Certificate certificate, Duration left) {
        String subject = CertificateText.subject(certificate);
        Instant end = certificate.getNotAfter().toInstant();
        if (left.isNegative()) {
            log.warn("The certificate of {} has expired, at {}: clients refuse it. Renew it", subject, end);
        } else {
            long days = left.toDays();
            log.warn(
                    "The certificate of {} expires in {} {}, at {}: renew it",
                    subject,
                    days,
                    days == 1 ? "day" : "days",
                    end);
        }
    }
}
