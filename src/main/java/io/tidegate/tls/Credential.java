package io.tidegate.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a listener proves itself with.
 *
 * @param chain its certificate, then each that confirms the one before
 */
record Credential(PrivateKey key, List<X509Certificate> chain) {

    X509Certificate certificate() {
        return chain.get(0);
    }
}
