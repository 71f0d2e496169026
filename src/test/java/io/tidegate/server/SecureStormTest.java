package io.tidegate.server;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The storm among followers who speak TLS, with tokens on. */
@EnabledIfSystemProperty(named = "journey.long", matches = "true")
class SecureStormTest {

    @Nested
    class StormByTls12 extends PublishStormTest {
        @Override
        String tls() {
            return SecureClients.TLS_12;
        }
    }

    @Nested
    class StormByTls13 extends PublishStormTest {
        @Override
        String tls() {
            return SecureClients.TLS_13;
        }
    }
}
