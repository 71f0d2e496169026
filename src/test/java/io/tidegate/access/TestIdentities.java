package io.tidegate.access;

import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Identities that a test makes up; the token of one is its name behind {@code token-}. Thread-safe. */
public final class TestIdentities implements Authenticator {

    private static final String TOKEN = "token-";

    private record ByName(String name) implements Identity.Proof {}

    private final Map<String, Identity> known = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();
    private volatile Identity anonymous = Identity.unproven(Rights.NONE);

    /** Whose tokens take their time; null if nobody's do. */
    private volatile @Nullable CompletableFuture<Void> delay;

    /** Rights from the words of selections: {@code *}, or selectors separated by spaces; empty for none. */
    public static Rights rights(String read, String write, boolean admin) {
        return new Rights(selection(read), selection(write), admin);
    }

    private static Selection selection(String words) {
        return words.equals("*")
                ? Selection.ALL
                : Selection.of(Stream.of(words.split(" ", -1))
                        .filter(word -> !word.isEmpty())
                        .map(Selector::parse)
                        .toList());
    }

    /** Makes somebody known, or known otherwise. */
    public TestIdentities with(String name, Rights rights) {
        return with(name, rights, null);
    }

    /** The same, up to some time. */
    public TestIdentities with(String name, Rights rights, @Nullable Instant expiresAt) {
        known.put(name, new Identity(name, rights, expiresAt, new ByName(name)));
        version.incrementAndGet();
        return this;
    }

    /** What may be done without an identity. */
    public TestIdentities withAnonymous(Rights rights) {
        anonymous = Identity.unproven(rights);
        version.incrementAndGet();
        return this;
    }

    /** Makes somebody nobody. */
    public void revoke(String name) {
        known.remove(name);
        version.incrementAndGet();
    }

    /** From now on the answer to who has a token comes when this does. */
    public void delay(@Nullable CompletableFuture<Void> until) {
        delay = until;
    }

    /** The token of somebody. */
    public static String tokenOf(String name) {
        return TOKEN + name;
    }

    @Override
    public boolean isOpen() {
        return false;
    }

    @Override
    public Identity anonymous() {
        return anonymous;
    }

    @Override
    public CompletionStage<Optional<Identity>> token(String token, Consumer<FailureReason> refused) {
        Optional<Identity> identity = token.startsWith(TOKEN)
                ? Optional.ofNullable(known.get(token.substring(TOKEN.length())))
                : Optional.empty();
        if (identity.isEmpty()) {
            refused.accept(FailureReason.UNKNOWN);
        }
        CompletableFuture<Void> until = delay;
        return until == null ? CompletableFuture.completedStage(identity) : until.thenApply(done -> identity);
    }

    @Override
    public Optional<Identity> certificate(List<X509Certificate> chain, Consumer<FailureReason> refused) {
        return Optional.empty();
    }

    @Override
    public Optional<Identity> now(Identity identity) {
        return Optional.ofNullable(known.get(identity.name()))
                .map(now -> new Identity(now.name(), now.rights(), identity.expiresAt(), now.proof()));
    }

    @Override
    public long version() {
        return version.get();
    }
}
