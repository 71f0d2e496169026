package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.reload.Reloadable.Trigger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that are fetched. */
class RemoteKeysTest {

    private static final RSAKey NEXT = SomeIssuer.rsa("r2", 2048);

    private final MovedClock clock = new MovedClock();
    private final Failures failures = new Failures();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String answer = SomeIssuer.jwks(SomeIssuer.RSA);
    private volatile int status = 200;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private HttpServer server;

    @BeforeEach
    void aServerWithKeys() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/keys", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        gate.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        try (exchange) {
            if (!gate.await(60, TimeUnit.SECONDS)) {
                throw new IOException("nobody lets it go on");
            }
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Identities identities() throws AccessFileException {
        return Identities.open(
                Configured.settings("issuers = [{ issuer = \"" + SomeIssuer.NAME
                        + "\", audience = tidegate, algorithms = [RS256], keys-url = \"http://127.0.0.1:"
                        + server.getAddress().getPort() + "/keys\" }]"),
                threads,
                threads,
                clock,
                failures);
    }

    private static String token(JWK key) {
        return SomeIssuer.signed(key, JWSAlgorithm.RS256, SomeIssuer.claims());
    }

    @Test
    void aTokenThatComesBeforeTheKeysWaitsForThem() throws Exception {
        gate = new CountDownLatch(1);
        Identities identities = identities();
        List<CompletableFuture<Optional<Identity>>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(identities.token(token(SomeIssuer.RSA), why -> {}).toCompletableFuture());
        }

        gate.countDown();

        for (CompletableFuture<Optional<Identity>> each : waiting) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isPresent();
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void aKeyThatIsNotKnownIsAskedForOnceAMinute() throws Exception {
        Identities identities = identities();
        Identity identity = Configured.now(identities, token(SomeIssuer.RSA)).orElseThrow();
        for (int i = 0; i < 20; i++) {
            assertThat(Configured.now(identities, token(NEXT))).isEmpty();
        }
        assertThat(asked).hasValue(1);

        answer = SomeIssuer.jwks(SomeIssuer.RSA, NEXT);
        clock.passes(Duration.ofMinutes(1).minusNanos(1));
        assertThat(Configured.now(identities, token(NEXT))).isEmpty();
        assertThat(asked).hasValue(1);

        clock.passes(Duration.ofNanos(1));
        assertThat(Configured.now(identities, token(NEXT))).isPresent();
        assertThat(asked).hasValue(2);
        assertThat(identities.now(identity)).contains(identity);
    }

    @Test
    void onlyAnIssuersOwnTokenMakesItAsk() throws Exception {
        Identities identities = identities();
        assertThat(Configured.now(identities, token(SomeIssuer.RSA))).isPresent();
        clock.passes(Duration.ofMinutes(2));

        var claims = SomeIssuer.claims();
        Configured.now(identities, SomeIssuer.signed(NEXT, JWSAlgorithm.RS256, claims.audience("other")));
        Configured.now(identities, SomeIssuer.signed(NEXT, JWSAlgorithm.RS512, SomeIssuer.claims()));
        Configured.now(
                identities, SomeIssuer.signed(SomeIssuer.rsa("r1", 2048), JWSAlgorithm.RS256, SomeIssuer.claims()));

        assertThat(asked).hasValue(1);
    }

    @Test
    void oldKeysAreFetchedAgainAndOneThatIsGoneEndsItsIdentities() throws Exception {
        Identities identities = identities();
        Identity identity = Configured.now(identities, token(SomeIssuer.RSA)).orElseThrow();
        answer = SomeIssuer.jwks(NEXT);

        clock.passes(Duration.ofMinutes(10).minusNanos(1));
        identities.reload(Trigger.HAND);
        assertThat(asked).hasValue(1);

        clock.passes(Duration.ofNanos(1));
        identities.reload(Trigger.HAND);
        // Waits for the fetch, which is under way or has ended.
        assertThat(Configured.now(identities, token(NEXT))).isPresent();
        assertThat(asked).hasValue(2);
        assertThat(identities.now(identity)).isEmpty();
    }

    @Test
    void whatIsNoSetOfKeysOrTooLongOrElsewhereLeavesTheOldOnes() throws Exception {
        Identities identities = identities();
        Identity identity = Configured.now(identities, token(SomeIssuer.RSA)).orElseThrow();
        String good = SomeIssuer.jwks(NEXT);

        for (String bad : List.of("", "{", "{\"keys\":[]}", good + " ".repeat(256 << 10))) {
            answer = bad;
            clock.passes(Duration.ofMinutes(1));
            assertThat(Configured.now(identities, token(NEXT))).isEmpty();
        }
        answer = good;
        for (int bad : List.of(302, 404, 500)) {
            status = bad;
            clock.passes(Duration.ofMinutes(1));
            assertThat(Configured.now(identities, token(NEXT))).isEmpty();
        }
        assertThat(asked).hasValue(8);
        assertThat(identities.now(identity)).contains(identity);

        status = 200;
        answer = good + " ".repeat((256 << 10) - good.length());
        clock.passes(Duration.ofMinutes(1));
        assertThat(Configured.now(identities, token(NEXT))).isPresent();
    }

    @Test
    void aServerThatIsNotThereIsNoFailureOfTheStart() throws Exception {
        server.stop(0);
        Identities identities = identities();

        assertThat(Configured.now(identities, token(SomeIssuer.RSA))).isEmpty();
        assertThat(failures.counts()).containsEntry(FailureReason.KEY, 1L);
    }

    /** Takes the five seconds that it is about. */
    @Test
    void aServerThatDoesNotAnswerIsGivenUp() throws Exception {
        gate = new CountDownLatch(1);

        assertThat(Configured.now(identities(), token(SomeIssuer.RSA))).isEmpty();

        assertThat(asked).hasValue(1);
        assertThat(failures.counts()).containsEntry(FailureReason.KEY, 1L);
    }

    @Test
    void theSameKeysAgainChangeNothing() throws Exception {
        Identities identities = identities();
        assertThat(Configured.now(identities, token(SomeIssuer.RSA))).isPresent();
        long version = identities.version();

        clock.passes(Duration.ofMinutes(1));
        assertThat(Configured.now(identities, token(NEXT))).isEmpty();

        assertThat(asked).hasValue(2);
        assertThat(identities.version()).isEqualTo(version);
    }
}
