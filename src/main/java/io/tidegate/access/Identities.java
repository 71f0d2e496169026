package io.tidegate.access;

import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloadable;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everybody whom the configuration knows: by tokens of a file, JWTs of issuers, and names of certificates.
 *
 * <p>What may change while the server runs, tokens and keys, is one value that is replaced as a whole. An identity has with it what
 * has proven it, and so it is found again after that.
 */
public final class Identities implements Authenticator, Reloadable {

    /** Of a JWT in bytes, which are its characters; what is longer is not looked at. */
    private static final int MOST_BYTES = 8 << 10;

    private static final String CERTIFICATE = "mtls:";

    /**
     * What may change.
     *
     * @param keys by issuer
     */
    private record Known(Tokens tokens, Map<String, KeySet> keys, long version) {

        Known with(Tokens others) {
            return new Known(others, keys, version + 1);
        }

        Known with(String issuer, KeySet others) {
            Map<String, KeySet> all = new HashMap<>(keys);
            all.put(issuer, others);
            return new Known(tokens, Map.copyOf(all), version + 1);
        }

        KeySet keysOf(String issuer) {
            return keys.getOrDefault(issuer, KeySet.NONE);
        }
    }

    /** A file, and how what it has becomes known. */
    private record Source<T>(WatchedFile<T> file, BiFunction<Known, T, Known> taking) {

        Optional<UnaryOperator<Known>> news(boolean tellsAgain) throws AccessFileException {
            return file.news(tellsAgain).map(news -> known -> taking.apply(known, news));
        }
    }

    private record TokenProof(String digest) implements Identity.Proof {}

    private record CertificateProof(List<String> names, Instant ends) implements Identity.Proof {}

    private final AccessSettings settings;
    private final Map<String, IssuerSettings> issuers = new HashMap<>();
    private final Map<String, RemoteKeys> remote = new HashMap<>();
    private final List<Source<?>> sources = new ArrayList<>();
    private final JwtCheck jwts;
    private final InstantSource clock;
    private final Failures failures;

    /** Replaced under the lock of this object, which guards the files as well. */
    private volatile Known known = new Known(Tokens.NONE, Map.of(), 1);

    private Identities(
            AccessSettings settings, Executor verifying, Executor blocking, InstantSource clock, Failures failures) {
        this.settings = settings;
        this.clock = clock;
        this.failures = failures;
        settings.tokensFile().ifPresent(file -> add(new WatchedFile<>(file, true, Identities::tokens), Known::with));
        for (IssuerSettings issuer : settings.issuers()) {
            String name = issuer.issuer();
            BiFunction<Known, KeySet, Known> taking = (before, keys) -> before.with(name, keys);
            issuers.put(name, issuer);
            if (issuer.keys() instanceof IssuerSettings.Keys.File file) {
                add(KeyFiles.jwks(issuer, file.path()), taking);
            } else if (issuer.keys() instanceof IssuerSettings.Keys.Secret secret) {
                add(KeyFiles.secret(issuer, secret.path()), taking);
            } else if (issuer.keys() instanceof IssuerSettings.Keys.Url url) {
                remote.put(name, new RemoteKeys(issuer, url, blocking, clock, keys -> replace(name, keys)));
            }
        }
        jwts = new JwtCheck(issuers, remote, name -> known.keysOf(name), verifying, clock, settings.rememberedTokens());
    }

    private <T> void add(WatchedFile<T> file, BiFunction<Known, T, Known> taking) {
        sources.add(new Source<>(file, taking));
    }

    private static Tokens tokens(Path file, byte[] content) throws AccessFileException {
        return Tokens.parse(file.toString(), Tokens.lines(file.toString(), content));
    }

    /**
     * Reads the files.
     *
     * @param verifying checks signatures, which takes a processor a millisecond each
     * @param blocking fetches keys, and waits for them
     * @param clock tells the time of day
     * @param failures counts what is refused
     * @throws AccessFileException if a file cannot be used
     */
    public static Identities open(
            AccessSettings settings, Executor verifying, Executor blocking, InstantSource clock, Failures failures)
            throws AccessFileException {
        var identities = new Identities(settings, verifying, blocking, clock, failures);
        for (Source<?> source : identities.sources) {
            source.news(true).ifPresent(identities::replace);
        }
        identities.remote.values().forEach(RemoteKeys::refreshIfOld);
        return identities;
    }

    private synchronized void replace(UnaryOperator<Known> change) {
        known = change.apply(known);
    }

    private synchronized void replace(String issuer, KeySet keys) {
        if (!keys.equals(known.keysOf(issuer))) {
            known = known.with(issuer, keys);
        }
    }

    @Override
    public String what() {
        return "identities";
    }

    /**
     * Looks at the files and takes what has changed. What cannot be used is told once, and to who asks each time; of that file what was there
     * before stays, and of the others what is new is taken, so that nobody keeps a right because of another file.
     */
    @Override
    public synchronized Reload reload(Trigger trigger) {
        remote.values().forEach(RemoteKeys::refreshIfOld);
        long before = known.version();
        List<String> refused = new ArrayList<>();
        for (Source<?> source : sources) {
            try {
                source.news(trigger == Trigger.HAND).ifPresent(this::replace);
            } catch (AccessFileException e) {
                refused.add(e.line());
            }
        }
        boolean isReloaded = known.version() != before;
        if (!refused.isEmpty()) {
            String others = isReloaded ? "; the other files are in use: " + told() : "";
            return Reload.refused(String.join("; ", refused) + others);
        }
        return isReloaded ? Reload.reloaded(told()) : Reload.unchanged();
    }

    private String told() {
        return "tokens: " + known.tokens().size() + ", issuers: " + issuers.size();
    }

    @Override
    public boolean isOpen() {
        return settings.isOpen();
    }

    @Override
    public Identity anonymous() {
        return isOpen() ? Identity.ANYBODY : Identity.unproven(settings.anonymous());
    }

    @Override
    public long version() {
        return known.version();
    }

    @Override
    public CompletionStage<Optional<Identity>> token(String token, Consumer<FailureReason> refused) {
        if (Token.hasForm(token)) {
            return CompletableFuture.completedFuture(counted(new TokenProof(Token.digest(token)), refused));
        }
        if (token.length() > MOST_BYTES || !Jwt.hasForm(token)) {
            return CompletableFuture.completedFuture(refused(FailureReason.MALFORMED, refused));
        }
        return issuers.isEmpty()
                ? CompletableFuture.completedFuture(refused(FailureReason.ISSUER, refused))
                : jwt(token, Token.digest(token), refused);
    }

    private CompletionStage<Optional<Identity>> jwt(String token, String digest, Consumer<FailureReason> refused) {
        Jwt.Proof before = jwts.remembered(digest);
        if (before != null) {
            Optional<Identity> still = proven(before);
            if (still.isPresent()) {
                return CompletableFuture.completedFuture(still);
            }
            // Why it is none any more is found out below.
            jwts.forget(digest);
        }
        try {
            return jwts.check(token, digest).handle((proof, failure) -> decided(proof, failure, refused));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(refused(FailureReason.BUSY, refused));
        }
    }

    private Optional<Identity> decided(
            Jwt.@Nullable Proof proof, @Nullable Throwable failure, Consumer<FailureReason> refused) {
        if (proof != null) {
            return counted(proof, refused);
        }
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        return refused(cause instanceof RefusedException known ? known.reason() : FailureReason.BUSY, refused);
    }

    @Override
    public Optional<Identity> certificate(List<X509Certificate> chain, Consumer<FailureReason> refused) {
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        X509Certificate own = chain.get(0);
        return counted(
                new CertificateProof(CertificateNames.of(own), own.getNotAfter().toInstant()), refused);
    }

    @Override
    public Optional<Identity> now(Identity identity) {
        return identity.isUnproven() ? Optional.of(anonymous()) : proven(identity.proof());
    }

    private Optional<Identity> counted(Identity.Proof proof, Consumer<FailureReason> refused) {
        try {
            return Optional.of(identity(proof));
        } catch (RefusedException e) {
            return refused(e.reason(), refused);
        }
    }

    private Optional<Identity> refused(FailureReason reason, Consumer<FailureReason> refused) {
        failures.count(reason);
        refused.accept(reason);
        return Optional.empty();
    }

    private Optional<Identity> proven(Identity.Proof proof) {
        try {
            return Optional.of(identity(proof));
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    /** Whom something proves, by what is known now. */
    private Identity identity(Identity.Proof proof) throws RefusedException {
        if (proof instanceof TokenProof token) {
            return ofToken(token);
        }
        if (proof instanceof Jwt.Proof jwt) {
            return ofJwt(jwt);
        }
        if (proof instanceof CertificateProof certificate) {
            return ofCertificate(certificate);
        }
        throw new RefusedException(FailureReason.UNKNOWN);
    }

    private Identity ofToken(TokenProof proof) throws RefusedException {
        Token token =
                known.tokens().find(proof.digest()).orElseThrow(() -> new RefusedException(FailureReason.UNKNOWN));
        requireTime(token.expires());
        return new Identity(token.name(), rights(token.grant(), token.name()), token.expires(), proof);
    }

    private Identity ofJwt(Jwt.Proof proof) throws RefusedException {
        IssuerSettings issuer = issuers.get(proof.issuer());
        if (issuer == null) {
            throw new RefusedException(FailureReason.ISSUER);
        }
        if (!known.keysOf(proof.issuer()).has(proof.key())) {
            throw new RefusedException(FailureReason.KEY);
        }
        requireTime(proof.ends());
        Grant grant = proof.claimed().orElse(issuer.grant());
        return new Identity(proof.name(), rights(grant, proof.name()), proof.ends(), proof);
    }

    /** The first name that anything is granted to decides, and of it the first grant. */
    private Identity ofCertificate(CertificateProof proof) throws RefusedException {
        requireTime(proof.ends());
        for (String name : proof.names()) {
            for (CertificateRule rule : settings.certificates()) {
                Optional<String> matched = rule.matched(name);
                if (matched.isPresent()) {
                    return new Identity(CERTIFICATE + name, rights(rule.grant(), matched.get()), proof.ends(), proof);
                }
            }
        }
        throw new RefusedException(FailureReason.CERTIFICATE);
    }

    private void requireTime(@Nullable Instant ends) throws RefusedException {
        if (ends != null && !clock.instant().isBefore(ends)) {
            throw new RefusedException(FailureReason.EXPIRED);
        }
    }

    private static Rights rights(Grant grant, String name) throws RefusedException {
        return grant.to(name).orElseThrow(() -> new RefusedException(FailureReason.NAME));
    }
}
