package io.tidegate.server;

import org.junit.jupiter.api.Nested;

/** The verbs over TLS with tokens on, as the clients' sockets and the kernel see them. */
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
    class AbortOfTls13 extends AbortVerbTest {
        @Override
        String tls() {
            return SecureClients.TLS_13;
        }
    }

    @Nested
    class ShutdownOfTls12 extends ShutdownVerbTest {
        @Override
        String tls() {
            return SecureClients.TLS_12;
        }
    }

    @Nested
    class CloseOfTls12 extends CloseVerbTest {
        @Override
        String tls() {
            return SecureClients.TLS_12;
        }
    }

    @Nested
    class AbortOfTls12 extends AbortVerbTest {
        @Override
        String tls() {
            return SecureClients.TLS_12;
        }
    }
}
