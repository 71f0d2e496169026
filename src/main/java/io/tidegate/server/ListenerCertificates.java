package io.tidegate.server;

import io.tidegate.tls.Certificates;
import io.tidegate.tls.TlsSettings;
import io.tidegate.tls.UnusableCertificateException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What each listener encrypts with; empty for one that does not. */
record ListenerCertificates(Optional<Certificates> tcp, Optional<Certificates> http, Optional<Certificates> admin) {

    /** What clients of an HTTP listener may ask to speak; HTTP/2 is not spoken. */
    private static final List<String> HTTP = List.of("http/1.1");

    static ListenerCertificates load(ServerSettings settings, InstantSource clock) throws StartException {
        return new ListenerCertificates(
                load("tcp", settings.tcp().tls(), List.of(), clock),
                load("http", settings.http().tls(), HTTP, clock),
                load("admin", settings.admin().listener().tls(), HTTP, clock));
    }

    private static Optional<Certificates> load(
            String listener, TlsSettings settings, List<String> applicationProtocols, InstantSource clock)
            throws StartException {
        if (!settings.isOn()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Certificates.load(listener, settings, applicationProtocols, clock));
        } catch (UnusableCertificateException e) {
            throw new StartException("tidegate." + listener + ".tls: " + e.getMessage(), e);
        }
    }

    /** Those that there are. */
    List<Certificates> all() {
        return Stream.of(tcp, http, admin).flatMap(Optional::stream).toList();
    }
}
