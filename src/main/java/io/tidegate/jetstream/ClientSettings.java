package io.tidegate.jetstream;

import io.tidegate.settings.ForeignSettings;
import java.util.Optional;
import java.util.Set;

/** What an operator may set of NATS's client, by its names: how servers are convinced, and whether they are convincing. */
final class ClientSettings implements ForeignSettings {

    /** Before each name, in the client's own properties. */
    static final String PREFIX = "io.nats.client.";

    private static final String TLS_FIRST = "tls.first";

    private static final Set<String> SECRETS = Set.of("password", "token", "keyStorePassword", "trustStorePassword");

    private static final Set<String> NAMES = Set.of(
            "username",
            "password",
            "token",
            "keyStore",
            "keyStorePassword",
            "trustStore",
            "trustStorePassword",
            TLS_FIRST,
            "inbox.prefix");

    @Override
    public Set<String> names() {
        return NAMES;
    }

    @Override
    public String whichNames() {
        return "username, password, token, keyStore, keyStorePassword, trustStore, trustStorePassword, tls.first or"
                + " inbox.prefix";
    }

    @Override
    public boolean isSecret(String name) {
        return SECRETS.contains(name);
    }

    @Override
    public Optional<String> allowedInstead(String name, String value) {
        if (name.equals(TLS_FIRST)) {
            return value.equals("true") || value.equals("false") ? Optional.empty() : Optional.of("true or false");
        }
        return value.isEmpty() ? Optional.of("a text") : Optional.empty();
    }
}
