package io.tidegate.wire;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client asks for in one line. */
public sealed interface Request {

    /** It asks for what there is of a selection. */
    sealed interface Reading extends Request {
        Selection selection();

        /** The same of another selection. */
        Reading of(Selection other);
    }

    /** It asks for a subscription. */
    sealed interface Subscribing extends Reading {
        /** What comes after it; null if there is none. */
        @Nullable
        Position after();

        /** Whether a client that cannot keep up is sent what changed in its newest form only. */
        boolean latest();
    }

    /** {@code sync [selector…]}: the documents as they are at one position. */
    record Sync(Selection selection) implements Reading {
        @Override
        public Sync of(Selection other) {
            return new Sync(other);
        }
    }

    /** {@code updates [latest] [after <position>] [selector…]}: what changes from now on, or after a position. */
    record Updates(@Nullable Position after, boolean latest, Selection selection) implements Subscribing {
        @Override
        public Updates of(Selection other) {
            return new Updates(after, latest, other);
        }
    }

    /** {@code follow [latest] [after <position>] [selector…]}: sync, then updates without a gap or a duplicate. */
    record Follow(@Nullable Position after, boolean latest, Selection selection) implements Subscribing {
        @Override
        public Follow of(Selection other) {
            return new Follow(after, latest, other);
        }
    }

    /** {@code watch <selector>…}: the subscription covers these, too. */
    record Watch(List<Selector> selectors) implements Request {
        public Watch {
            selectors = List.copyOf(selectors);
        }
    }

    /** {@code unwatch <selector>…}: the subscription covers these no longer. */
    record Unwatch(List<Selector> selectors) implements Request {
        public Unwatch {
            selectors = List.copyOf(selectors);
        }
    }

    /**
     * {@code put <collection> <key> [@id=<id>] <json>} or {@code delete <collection> <key> [@id=<id>]}.
     *
     * @param id by which it takes effect once; null if it has none
     */
    record Publish(Change change, @Nullable PublicationId id) implements Request {

        /** One without an id. */
        public Publish(Change change) {
            this(change, null);
        }

        /**
         * Reads one that is written as a JSON object, as {@link Line.Text#change} does.
         *
         * @return null if it is an event of a server that changes nothing
         * @throws RequestException with what is wrong
         */
        public static @Nullable Publish ofJson(byte[] bytes, int from, int to) throws RequestException {
            return ChangeParser.parse(bytes, from, to);
        }
    }

    /** {@code auth <token>}: who the client is from here on. The token is shown nowhere. */
    record Auth(String token) implements Request {
        @Override
        public String toString() {
            return "Auth[…]";
        }
    }

    /** {@code ping}. */
    record Ping() implements Request {}

    /** {@code help}. */
    record Help() implements Request {}

    /** {@code quit}: answers to all that was asked before, then the end. */
    record Quit() implements Request {}
}
