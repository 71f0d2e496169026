package io.tidegate.document;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must be so for a change of a document to be taken, such as that nobody has changed it since it was read.
 *
 * <p>It says the same as the headers {@code If-Match} and {@code If-None-Match} of HTTP, with the document's position as its
 * entity tag. Immutable.
 */
public sealed interface Precondition {

    /** Positions that one precondition names, at most. */
    int MAX_POSITIONS = 100;

    /**
     * Whether it is so.
     *
     * @param current of the update that gave the document its value; null if there is no such document
     */
    boolean holds(@Nullable Position current);

    /** The change is taken in any case. */
    static Precondition none() {
        return new None();
    }

    /** The document must be there: {@code If-Match: *}. */
    static Precondition mustExist() {
        return new Exists();
    }

    /** The document must not be there: {@code If-None-Match: *}. */
    static Precondition mustNotExist() {
        return new Not(new Exists());
    }

    /** The document must be there as it was at the position that a read or a publication gave. */
    static Precondition mustBeAt(Position position) {
        return mustBeAt(Set.of(position));
    }

    /**
     * The document must be there as it was at one of these positions: {@code If-Match} with tags.
     *
     * @throws IllegalArgumentException if there are more than {@link #MAX_POSITIONS}
     */
    static Precondition mustBeAt(Set<Position> positions) {
        return new At(positions);
    }

    /**
     * The document must be at none of these positions, or not be there: {@code If-None-Match} with tags.
     *
     * @throws IllegalArgumentException if there are more than {@link #MAX_POSITIONS}
     */
    static Precondition mustNotBeAt(Set<Position> positions) {
        return new Not(new At(positions));
    }

    /** Both must be so. */
    default Precondition and(Precondition other) {
        return new Both(this, other);
    }

    record None() implements Precondition {
        @Override
        public boolean holds(@Nullable Position current) {
            return true;
        }
    }

    record Exists() implements Precondition {
        @Override
        public boolean holds(@Nullable Position current) {
            return current != null;
        }
    }

    record At(Set<Position> positions) implements Precondition {
        public At {
            if (positions.size() > MAX_POSITIONS) {
                throw new IllegalArgumentException("a precondition names at most " + MAX_POSITIONS + " positions");
            }
            positions = Set.copyOf(positions);
        }

        @Override
        public boolean holds(@Nullable Position current) {
            return current != null && positions.contains(current);
        }
    }

    record Not(Precondition precondition) implements Precondition {
        @Override
        public boolean holds(@Nullable Position current) {
            return !precondition.holds(current);
        }
    }

    record Both(Precondition one, Precondition other) implements Precondition {
        @Override
        public boolean holds(@Nullable Position current) {
            return one.holds(current) && other.holds(current);
        }
    }
}
