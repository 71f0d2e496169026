package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Selection;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PassTest {

    private static final Duration NOTICE = Duration.ofMinutes(1);

    private final TestIdentities identities = new TestIdentities().with("desk", TestIdentities.rights("a", "", false));
    private final Pass pass = new Access(identities, Attempts.UNCOUNTED, new MovedClock())
            .passOf(
                    identities
                            .token(TestIdentities.tokenOf("desk"), why -> {})
                            .toCompletableFuture()
                            .join()
                            .orElseThrow(),
                    InetAddress.getLoopbackAddress());
    private final AtomicInteger asked = new AtomicInteger();

    private Pass.Standing check() {
        return pass.check(
                () -> {
                    asked.incrementAndGet();
                    return List.of(TestIdentities.rights("a", "", false).read());
                },
                NOTICE);
    }

    @Test
    void whatIsFollowedIsLookedAtOnceForEachChangeOfWhatIsKnown() {
        assertThat(check()).isEqualTo(Pass.Standing.GOOD);
        assertThat(check()).isEqualTo(Pass.Standing.GOOD);
        assertThat(asked).hasValue(1);

        identities.with("other", new Rights(Selection.ALL, Selection.ALL, true));
        assertThat(check()).isEqualTo(Pass.Standing.GOOD);
        assertThat(check()).isEqualTo(Pass.Standing.GOOD);
        assertThat(asked).hasValue(2);
    }

    @Test
    void rightsThatWereNarrowedAreSeenThough() {
        assertThat(check()).isEqualTo(Pass.Standing.GOOD);

        identities.with("desk", TestIdentities.rights("a/x", "", false));

        assertThat(check()).isEqualTo(Pass.Standing.REVOKED);
        assertThat(check()).isEqualTo(Pass.Standing.REVOKED);
    }
}
