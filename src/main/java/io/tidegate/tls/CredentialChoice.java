package io.tidegate.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the credential that a client is shown: first by the name that it asks for, then by the kinds of keys that it takes. A
 * client that asks for none, or for one that nobody here has, is shown the first.
 *
 * <p>Java's own choice goes by the kind of key first: where one name has an EC key and another an RSA key, who asks for the latter
 * is shown the former.
 */
final class CredentialChoice extends X509ExtendedKeyManager {

    private final List<Credential> credentials;
    private final List<ServerNames> names;

    /** @param credentials the first is the default, with those that have the same names and another kind of key */
    CredentialChoice(List<Credential> credentials) {
        this.credentials = List.copyOf(credentials);
        names = credentials.stream()
                .map(each -> ServerNames.of(each.certificate()))
                .toList();
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        List<String> asked = engine == null ? List.of() : asked(engine);
        int[] named = having(asked);
        return IntStream.of(named.length > 0 ? named : havingThoseOfTheFirst())
                .filter(each -> credentials.get(each).key().getAlgorithm().equals(keyType))
                .mapToObj(Integer::toString)
                .findFirst()
                .orElse(null);
    }

    private static List<String> asked(SSLEngine engine) {
        return engine.getHandshakeSession() instanceof ExtendedSSLSession session
                ? session.getRequestedServerNames().stream()
                        .filter(SNIHostName.class::isInstance)
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .toList()
                : List.of();
    }

    private int[] having(List<String> asked) {
        return IntStream.range(0, names.size())
                .filter(each -> asked.stream().anyMatch(names.get(each)::match))
                .toArray();
    }

    private int[] havingThoseOfTheFirst() {
        return IntStream.range(0, names.size())
                .filter(each -> names.get(each).equals(names.get(0)))
                .toArray();
    }

    private Credential credential(String alias) {
        return credentials.get(Integer.parseInt(alias));
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return credential(alias).key();
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return credential(alias).chain().toArray(X509Certificate[]::new);
    }

    // The rest is asked for by sockets and by clients, of which there are none here.

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }
}
