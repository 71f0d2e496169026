package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PreconditionTest {

    private static final Position FIVE = new Position("k7f3", 5);
    private static final Position SIX = new Position("k7f3", 6);

    @Test
    void nothingIsAskedOfAnyDocument() {
        assertThat(Precondition.none().holds(null)).isTrue();
        assertThat(Precondition.none().holds(FIVE)).isTrue();
    }

    @Test
    void aDocumentIsThereOrNot() {
        assertThat(Precondition.mustExist().holds(null)).isFalse();
        assertThat(Precondition.mustExist().holds(FIVE)).isTrue();
        assertThat(Precondition.mustNotExist().holds(null)).isTrue();
        assertThat(Precondition.mustNotExist().holds(FIVE)).isFalse();
    }

    @Test
    void aDocumentIsAtOneOfSeveralPositions() {
        assertThat(Precondition.mustBeAt(Set.of(FIVE, SIX)).holds(SIX)).isTrue();
        assertThat(Precondition.mustBeAt(FIVE).holds(SIX)).isFalse();
        assertThat(Precondition.mustBeAt(FIVE).holds(null)).isFalse();
        assertThat(Precondition.mustBeAt(Set.of()).holds(FIVE)).isFalse();
    }

    @Test
    void aDocumentIsAtNoneOfSeveralPositions() {
        assertThat(Precondition.mustNotBeAt(Set.of(FIVE, SIX)).holds(SIX)).isFalse();
        assertThat(Precondition.mustNotBeAt(Set.of(FIVE)).holds(SIX)).isTrue();
        assertThat(Precondition.mustNotBeAt(Set.of(FIVE)).holds(null)).isTrue();
    }

    @Test
    void theSameNumberInAnotherLifeIsAnotherPosition() {
        var other = new Position("x2ab", 5);

        assertThat(Precondition.mustBeAt(FIVE).holds(other)).isFalse();
        assertThat(Precondition.mustNotBeAt(Set.of(FIVE)).holds(other)).isTrue();
    }

    @Test
    void ofTwoPreconditionsBothMustHold() {
        Precondition both = Precondition.mustExist().and(Precondition.mustNotBeAt(Set.of(FIVE)));

        assertThat(both.holds(null)).isFalse();
        assertThat(both.holds(FIVE)).isFalse();
        assertThat(both.holds(SIX)).isTrue();
    }

    @Test
    void tooManyPositionsAreRefused() {
        Set<Position> positions = LongStream.rangeClosed(1, Precondition.MAX_POSITIONS + 1)
                .mapToObj(seq -> new Position("k7f3", seq))
                .collect(Collectors.toSet());

        assertThatThrownBy(() -> Precondition.mustBeAt(positions))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a precondition names at most 100 positions");
    }
}
