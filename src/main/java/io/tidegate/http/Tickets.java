package io.tidegate.http;

import io.tidegate.access.Identity;
import io.tidegate.access.Token;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tickets: what stands for an identity once, for a short time, in the URL of who can say it nowhere else. When its URL comes
 * into a log, it is worth nothing any more.
 *
 * <p>Thread-safe.
 */
public final class Tickets {

    private record Ticket(Identity identity, Instant until) {}

    private static final int BYTES = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final TicketSettings settings;
    private final InstantSource clock;

    /** By their digests, the oldest first: how long it takes to find one tells nothing of the others. */
    private final Map<String, Ticket> issued = new LinkedHashMap<>();

    public Tickets(TicketSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** How long each is good for. */
    TicketSettings settings() {
        return settings;
    }

    /** A new one. If there are too many, the oldest of the same identity is worth nothing from now on, or else the oldest of all. */
    synchronized String issue(Identity identity) {
        Instant now = clock.instant();
        Iterator<Ticket> oldest = issued.values().iterator();
        while (oldest.hasNext() && !now.isBefore(oldest.next().until())) {
            oldest.remove();
        }
        if (issued.size() >= settings.most()) {
            removeOneFor(identity);
        }
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        issued.put(Token.digest(ticket), new Ticket(identity, now.plus(settings.lifetime())));
        return ticket;
    }

    private void removeOneFor(Identity identity) {
        Iterator<Ticket> all = issued.values().iterator();
        while (all.hasNext()) {
            if (all.next().identity().name().equals(identity.name())) {
                all.remove();
                return;
            }
        }
        issued.remove(issued.keySet().iterator().next());
    }

    /** Whose it is, once; null if it is nobody's, or not any more. */
    synchronized @Nullable Identity take(String ticket) {
        Ticket taken = issued.remove(Token.digest(ticket));
        return taken == null || !clock.instant().isBefore(taken.until()) ? null : taken.identity();
    }
}
