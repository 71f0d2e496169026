package io.tidegate.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import io.tidegate.document.Position;
import io.tidegate.ledger.LedgerTotals;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long the end of a server is waited for. */
@Timeout(60)
class OverrunTest {

    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofDays(1);

    private static final DrainReport REPORT = new DrainReport(
            "SIGTERM", Duration.ofSeconds(1), LedgerTotals.NONE, 0, false, false, 0, Position.parse("epoch:0"));

    private final CompletableFuture<Done> announced = new CompletableFuture<>();
    private final CompletableFuture<DrainReport> report = new CompletableFuture<>();
    private final CompletableFuture<DrainReport> terminated = new CompletableFuture<>();

    private DrainReport await(Duration total) throws OverrunException {
        return ShutdownOrder.await(announced, report, terminated, total, Duration.ZERO);
    }

    @Test
    void anEndInTimeHasItsReport() throws Exception {
        announced.complete(Done.getInstance());
        terminated.complete(REPORT);

        assertThat(await(NEVER)).isSameAs(REPORT);
    }

    @Test
    void aServerThatEndsUnannouncedIsNotWaitedForAnyLonger() throws Exception {
        terminated.complete(REPORT);

        assertThat(await(NEVER)).isSameAs(REPORT);
    }

    @Test
    void theTimeRunsFromTheMomentWhenNothingCanMakeItRunOn() throws Exception {
        CompletableFuture<Boolean> waited = CompletableFuture.supplyAsync(() -> {
            try {
                await(AT_ONCE);
                return true;
            } catch (OverrunException e) {
                return false;
            }
        });
        assertThat(waited).isNotDone();

        announced.complete(Done.getInstance());

        assertThat(waited.join()).isFalse();
    }

    @Test
    void anEndThatIsHeldUpIsToldWithWhatIsKnown() {
        announced.complete(Done.getInstance());

        assertThatThrownBy(() -> await(AT_ONCE))
                .isInstanceOfSatisfying(
                        OverrunException.class, e -> assertThat(e.report()).isEmpty())
                .hasMessage("The server has not ended within drain.total (1 ms)");

        report.complete(REPORT);

        assertThatThrownBy(() -> await(AT_ONCE))
                .isInstanceOfSatisfying(
                        OverrunException.class, e -> assertThat(e.report()).isEqualTo(Optional.of(REPORT)));
    }

    @Test
    void anEndThatFailsIsNoOverrun() {
        announced.complete(Done.getInstance());
        terminated.completeExceptionally(new IllegalStateException("out of memory"));

        assertThatThrownBy(() -> await(NEVER))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("out of memory");
    }
}
