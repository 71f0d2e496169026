package io.tidegate.server;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The verbs over TLS with tokens on, as the clients' sockets and the kernel see them; most of it when there is time. */
class SecureVerbsTest {

    @Nested
    class ShutdownOfTls13 extends ShutdownVerbTest {
        @Override
        String tls() {
            return SecureClients.TLS_13;
        }
    }

    @Nested
    class CloseOfTls13 extends CloseVerbTest {
        @Override
        String tls() {
            return SecureClients.TLS_13;
        }
    }

    @Nested
    @EnabledIfSystemProperty(named = "journey.long", matches = "true")
    class AbortOfTls13 extends AbortVerbTest {
        @Override
        String tls() {
            return SecureClients.TLS_13;
        }
    }

    @Nested
    @EnabledIfSystemProperty(named = "journey.long", matches = "true")
    class ShutdownOfTls12 extends ShutdownVerbTest {
        @Override
        String tls() {
            return SecureClients.TLS_12;
        }
    }

    @Nested
    @EnabledIfSystemProperty(named = "journey.long", matches = "true")
    class CloseOfTls12 extends CloseVerbTest {
        @Override
        String tls() {
            return SecureClients.TLS_12;
        }
    }

    @Nested
    @EnabledIfSystemProperty(named = "journey.long", matches = "true")
    class AbortOfTls12 extends AbortVerbTest {
        @Override
        String tls() {
            return SecureClients.TLS_12;
        }
    }
}
