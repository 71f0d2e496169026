package io.tidegate.server;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Ends and stragglers over TLS with tokens on, as clients' sockets and the ledger have them; most of it when there is time. */
class SecureEndingTest {

    @Nested
    class LedgerOfTls12 extends LedgerTest {
        @Override
        String tls() {
            return SecureClients.TLS_12;
        }
    }

    @Nested
    @EnabledIfSystemProperty(named = "journey.long", matches = "true")
    class EndingOfTls13 extends EndingTest {
        @Override
        String tls() {
            return SecureClients.TLS_13;
        }
    }

    @Nested
    @EnabledIfSystemProperty(named = "journey.long", matches = "true")
    class LedgerOfTls13 extends LedgerTest {
        @Override
        String tls() {
            return SecureClients.TLS_13;
        }
    }

    @Nested
    @EnabledIfSystemProperty(named = "journey.long", matches = "true")
    class EndingOfTls12 extends EndingTest {
        @Override
        String tls() {
            return SecureClients.TLS_12;
        }
    }
}
