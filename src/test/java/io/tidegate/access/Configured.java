package io.tidegate.access;

import com.typesafe.config.ConfigFactory;
import io.tidegate.settings.SettingsReader;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Identities by a configuration, for tests. */
public final class Configured {

    private Configured() {}

    /** What is under {@code tidegate.access}; it has to be right. */
    static AccessSettings settings(String told) {
        var reader = new SettingsReader(ConfigFactory.parseString("tidegate.access {" + told + "}")
                .withFallback(ConfigFactory.defaultReference().withOnlyPath("tidegate.access"))
                .resolve());
        AccessSettings settings = AccessSettings.from(reader.section("access"));
        reader.complaint().ifPresent(complaint -> {
            throw new IllegalArgumentException(complaint);
        });
        return settings;
    }

    /** Those whom {@code tidegate.access} tells. */
    public static Identities identities(String told, InstantSource clock, Failures failures)
            throws AccessFileException {
        return Identities.open(settings(told), Runnable::run, Runnable::run, clock, failures);
    }

    static Optional<Identity> now(Identities identities, String token)
            throws InterruptedException, ExecutionException, TimeoutException {
        return identities.token(token, why -> {}).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
