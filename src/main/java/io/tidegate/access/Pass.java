package io.tidegate.access;

import io.tidegate.document.DocumentName;
import io.tidegate.document.Selection;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Who one client is now, and so what it may do: the one place that decides. It follows what becomes of the identity: when that
 * has ended, or is nobody's any more, nothing may be done by it. Thread-safe.
 */
public final class Pass {

    /** How it stands with the right to be there. */
    public enum Standing {
        GOOD,
        /** It ends soon; told once for each identity. */
        EXPIRING,
        /** It has ended. */
        EXPIRED,
        /** It was taken back, or no longer allows what is followed. */
        REVOKED
    }

    /**
     * The identity, as it was looked up last.
     *
     * @param version of what was known then
     */
    private record State(Identity identity, long version, boolean isRevoked) {}

    /** An identity may have changed before it came here: it is looked up at the first question. */
    private static final long NEVER = Long.MIN_VALUE;

    private final Access access;
    private final InetAddress address;
    private volatile State state;

    /** The version under which all that is followed may be followed. */
    private long checked;

    private boolean toldOfEnd;

    Pass(Access access, InetAddress address, Identity identity) {
        this.access = access;
        this.address = address;
        checked = NEVER;
        state = new State(identity, NEVER, false);
    }

    private State state() {
        State last = state;
        long version = access.authenticator().version();
        return last.version() == version ? last : lookUp(version);
    }

    private synchronized State lookUp(long version) {
        Identity before = state.identity();
        Optional<Identity> now = before.isUnproven()
                ? Optional.of(access.authenticator().anonymous())
                : access.authenticator().now(before);
        state = new State(now.orElse(before), version, now.isEmpty());
        return state;
    }

    /** One for a client that asks by this one's, from somewhere else. */
    public Pass from(InetAddress other) {
        return other.equals(address) ? this : new Pass(access, other, state().identity());
    }

    /** Where the client is. */
    public InetAddress address() {
        return address;
    }

    /**
     * Whose token that is, which the client shows; never fails.
     *
     * @param transport how the client is spoken to
     */
    public CompletionStage<Attempt> show(String token, String transport) {
        return access.show(token, address, transport);
    }

    /** Who it is, or was last. */
    public Identity identity() {
        return state().identity();
    }

    /** Whether an identity was shown that is somebody's still. */
    public boolean isProven() {
        State now = state();
        return !now.identity().isUnproven() && isGood(now);
    }

    private boolean isGood(State now) {
        return !now.isRevoked() && !access.hasEnded(now.identity());
    }

    private Rights rights() {
        State now = state();
        return isGood(now) ? now.identity().rights() : Rights.NONE;
    }

    // ---- what may be done

    /** Whether nothing was shown yet, and nothing may be done before that. */
    public boolean isForNothing() {
        Identity now = identity();
        return now.isUnproven() && now.rights().equals(Rights.NONE);
    }

    /** What is read for who asks for a selection, as {@link Rights#reading} says. */
    public Optional<Selection> reading(Selection asked) {
        return rights().reading(asked);
    }

    /** What of a selection is read, as {@link Rights#readable} says. */
    public Optional<Selection> readable(Selection asked) {
        return rights().readable(asked);
    }

    public boolean mayRead(DocumentName name) {
        return rights().mayRead(name);
    }

    /** Whether what was allowed to be read is so still. */
    public boolean mayStillRead(Selection selection) {
        return rights().read().covers(selection);
    }

    public boolean mayWrite(DocumentName name) {
        return rights().mayWrite(name);
    }

    /** Whether there is anything that may be put. */
    public boolean mayWriteSomething() {
        return !rights().write().isNone();
    }

    public boolean mayOperate() {
        return rights().admin();
    }

    // ---- how much

    /**
     * Takes a place among the connections of an identity.
     *
     * @return gives it back; empty if there is none
     */
    public Optional<Runnable> takePlace(Identity whose) {
        if (whose.isUnproven()) {
            return Optional.of(() -> {});
        }
        Allowances allowances = access.allowances();
        String name = whose.name();
        return allowances.enter(name) ? Optional.of(() -> allowances.leave(name)) : Optional.empty();
    }

    /** Whether one more connection would find a place; if not, the client is refused. */
    public boolean hasPlace() {
        Identity now = identity();
        return now.isUnproven() || access.allowances().hasPlace(now.name());
    }

    /**
     * Takes a place among the snapshots that an identity reads at once. What has no documents needs none.
     *
     * @return gives it back, however often it is called; empty if there is none
     */
    public Optional<Runnable> takeSnapshot(Selection selection) {
        Identity now = identity();
        return now.isUnproven() || selection.isNone()
                ? Optional.of(() -> {})
                : access.allowances().takeSnapshot(now.name());
    }

    /** Whether one more snapshot would find a place; if not, the client is refused. */
    public boolean mayTakeSnapshot(Selection selection) {
        Identity now = identity();
        return now.isUnproven() || selection.isNone() || access.allowances().mayTakeSnapshot(now.name());
    }

    /**
     * Whether a change may be published now, by how many there were.
     *
     * @param whenever run once if it may not, when it may again
     */
    public boolean mayPublish(Runnable whenever) {
        Identity now = identity();
        return now.isUnproven() || access.allowances().mayPublish(now.name(), whenever);
    }

    /** Who waited for that has gone. */
    public void waitNoMore(Runnable whenever) {
        access.allowances().waitNoMore(whenever);
    }

    /** A change of so many bytes is published. */
    public void published(int bytes) {
        Identity now = identity();
        if (!now.isUnproven()) {
            access.allowances().published(now.name(), bytes);
        }
    }

    // ---- how it goes on

    /**
     * Another identity takes its place, of the same client.
     *
     * @param followed what the client follows
     * @return false if that one may not follow it; nothing has changed then
     */
    public synchronized boolean renew(Identity next, Collection<Selection> followed) {
        if (!allows(next, followed)) {
            return false;
        }
        checked = NEVER;
        state = new State(next, NEVER, false);
        toldOfEnd = false;
        return true;
    }

    private static boolean allows(Identity identity, Collection<Selection> followed) {
        return followed.stream().allMatch(identity.rights().read()::covers);
    }

    /**
     * How it stands.
     *
     * @param followed what the client follows, asked for only if what is known has changed since
     * @param notice how long before the end it is to know of it
     */
    public synchronized Standing check(Supplier<? extends Collection<Selection>> followed, Duration notice) {
        State now = state();
        // First: one that has ended is not found any more when what is known has changed since.
        if (access.hasEnded(now.identity())) {
            return Standing.EXPIRED;
        }
        if (now.isRevoked()) {
            return Standing.REVOKED;
        }
        if (now.version() != checked) {
            if (!allows(now.identity(), followed.get())) {
                return Standing.REVOKED;
            }
            checked = now.version();
        }
        if (!toldOfEnd && isShorterThan(notice, now.identity())) {
            toldOfEnd = true;
            return Standing.EXPIRING;
        }
        return Standing.GOOD;
    }

    private boolean isShorterThan(Duration notice, Identity identity) {
        Instant end = identity.expiresAt();
        return end != null && left(end).compareTo(notice) <= 0;
    }

    private Duration left(Instant end) {
        Duration left = Duration.between(access.clock().instant(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** How long it is good for; empty if it has no end. */
    public Optional<Duration> left() {
        return Optional.ofNullable(identity().expiresAt()).map(this::left);
    }
}
