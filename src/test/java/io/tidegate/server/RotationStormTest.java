package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.TestTime;
import io.tidegate.access.Access;
import io.tidegate.access.Attempts;
import io.tidegate.access.Configured;
import io.tidegate.access.Failures;
import io.tidegate.access.Identities;
import io.tidegate.drain.DrainReport;
import io.tidegate.ledger.CloseReason;
import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloadable;
import io.tidegate.server.StormClient.Feed;
import io.tidegate.server.StormClient.StormFollower;
import io.tidegate.server.StormClient.StormPublisher;
import io.tidegate.tls.TestCertificates.Issued;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rights that end, are renewed and are taken back, and certificates that change, in each round, under followers and publishers who
 * speak TLS: whom it does not concern is not touched, what was acknowledged is not lost, and who renews its right, or comes back with
 * another, has no gap. A failure names its seed; {@code -Dtidegate.seed=…} makes the same choices.
 */
@Timeout(3600)
class RotationStormTest {

    private static final boolean LONG = Boolean.getBoolean("journey.long");
    private static final int ROUNDS = LONG ? 100 : 6;
    private static final int FOLLOWERS = LONG ? 1000 : 60;
    private static final int PUBLISHERS = 4;

    /** Clients who have the same token. */
    private static final int OF_A_NAME = LONG ? 10 : 3;

    /** Names of followers that the same happens to in a round. */
    private static final int NAMES_AT_ONCE = LONG ? 5 : 2;

    private static final int CHANGES_IN_A_ROUND = 40;

    private static final Duration LIFE = Duration.ofSeconds(90);
    private static final Duration UP_TO_THE_NOTICE = Duration.ofSeconds(31);
    private static final Duration UP_TO_THE_END = Duration.ofSeconds(61);

    /** Some clients, and the one token that they have. */
    private static final class Name {

        private final String base;
        private final List<StormClient> clients = new ArrayList<>();
        private int generation;

        Name(String base) {
            this.base = base;
        }

        String now() {
            return base + "-" + generation;
        }

        String next() {
            generation++;
            return now();
        }
    }

    @TempDir
    Path directory;

    private final long seed = Long.getLong("tidegate.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final TestTime time = new TestTime();
    private final Feed feed = new Feed();
    private final List<Name> followers = new ArrayList<>();
    private final List<Name> publishers = new ArrayList<>();
    private final Map<CloseReason, Long> ends = new EnumMap<>(CloseReason.class);

    @SuppressWarnings("NullAway.Init") // the test starts it
    private SecureClients files;

    @SuppressWarnings("NullAway.Init")
    private Identities identities;

    @SuppressWarnings("NullAway.Init")
    private Tidegate server;

    private void start() throws Exception {
        files = new SecureClients(directory);
        String settings = files.settings();
        identities = Configured.identities(
                "tokens-file = \"" + directory.resolve("tokens") + "\"", time.wallClock(), new Failures());
        // Time passes by minutes while nobody gets a chance to do anything: only the ends of rights go by it.
        server = TestServer.start(
                time,
                new Access(identities, Attempts.UNCOUNTED, time.wallClock()),
                directory,
                settings,
                "tidegate.tls.handshake-timeout = 1 h, tidegate.drain.spread = 0 s, tidegate.drain.timeout = 10 m",
                "tidegate.connection { stall-timeout = 1 day, linger-timeout = 1 day, delivered-linger = 1 day }",
                "tidegate.connection { peer-timeout = 1 day, identity-timeout = 1 h, line-timeout = 1 h }");
    }

    @AfterEach
    void stop() throws Exception {
        for (StormClient each : clients(all())) {
            each.close();
        }
        TestServer.end(time, server);
    }

    // ---- who there is

    private void connectAll() throws Exception {
        for (int i = 0; i < FOLLOWERS / OF_A_NAME; i++) {
            var name = new Name("f" + i);
            allow(name, null);
            for (int j = 0; j < OF_A_NAME; j++) {
                String version = j % 2 == 0 ? SecureClients.TLS_12 : SecureClients.TLS_13;
                name.clients.add(new StormFollower("follower " + name.base + "." + j, version, feed));
            }
            followers.add(name);
        }
        for (int i = 0; i < PUBLISHERS; i++) {
            var name = new Name("p" + i);
            allow(name, null);
            String version = i % 2 == 0 ? SecureClients.TLS_12 : SecureClients.TLS_13;
            name.clients.add(new StormPublisher("publisher-" + i, version, feed));
            publishers.add(name);
        }
        reloadIdentities();
        for (Name name : all()) {
            for (StormClient each : name.clients) {
                each.start(server.tcpAddress(), files.auth(name.now()));
            }
        }
        clients(all()).forEach(each -> each.awaitConnections(1));
    }

    private List<Name> all() {
        return Stream.of(followers, publishers).flatMap(Collection::stream).toList();
    }

    private static List<StormClient> clients(Collection<Name> names) {
        return names.stream().flatMap(name -> name.clients.stream()).toList();
    }

    // ---- what happens to them

    private void allow(Name name, @Nullable Instant ends) throws Exception {
        files.allow(name.now(), List.of("*"), List.of("*"), ends);
    }

    private void reloadIdentities() {
        assertThat(identities.reload(Reloadable.Trigger.HAND).result()).isEqualTo(Reload.Result.RELOADED);
    }

    private Issued renewCertificate() throws Exception {
        Issued next = files.renewCertificate();
        assertThat(server.reload("test").toCompletableFuture().join())
                .isNotEmpty()
                .allMatch(outcome -> outcome.reload().result() == Reload.Result.RELOADED);
        return next;
    }

    /** On the connections that they have. */
    private void showNext(List<Name> names, @Nullable Instant ends) throws Exception {
        List<String> former = names.stream().map(Name::now).toList();
        for (Name name : names) {
            name.next();
            allow(name, ends);
        }
        reloadIdentities();
        List<StormClient> clients = clients(names);
        List<Integer> before =
                clients.stream().map(StormClient::authentications).toList();
        for (Name name : names) {
            for (StormClient each : name.clients) {
                each.show(files.auth(name.now()));
            }
        }
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).awaitAuthentications(before.get(i) + 1);
        }
        // The former token is nobody's business any more.
        for (String each : former) {
            files.revoke(each);
        }
        reloadIdentities();
    }

    /** When their connections end, they come back with another. */
    private void comeBackWithNext(List<Name> names) throws Exception {
        for (Name name : names) {
            name.next();
            allow(name, null);
            name.clients.forEach(each -> each.comesBackWith(files.auth(name.now())));
        }
        reloadIdentities();
    }

    private List<Name> some(int count, List<Name> shuffled, int nth) {
        return shuffled.subList(nth * count, (nth + 1) * count);
    }

    private static List<Name> with(List<Name> names, Name one) {
        return Stream.concat(names.stream(), Stream.of(one)).toList();
    }

    private void round(int number) throws Exception {
        List<Name> shuffled = new ArrayList<>(followers);
        Collections.shuffle(shuffled, random);
        List<Name> expire = with(some(NAMES_AT_ONCE, shuffled, 0), publishers.get(number % PUBLISHERS));
        List<Name> renew = with(some(NAMES_AT_ONCE, shuffled, 1), publishers.get((number + 1) % PUBLISHERS));
        List<Name> revoked = with(some(NAMES_AT_ONCE, shuffled, 2), publishers.get((number + 2) % PUBLISHERS));
        List<StormClient> comeBack =
                clients(Stream.concat(expire.stream(), revoked.stream()).toList());
        Map<StormClient, Integer> connections = new HashMap<>();
        clients(all()).forEach(each -> connections.put(each, each.connections() + (comeBack.contains(each) ? 1 : 0)));
        int first = feed.acknowledged();

        List<Name> shortLived = Stream.concat(expire.stream(), renew.stream()).toList();
        List<Integer> notices =
                clients(shortLived).stream().map(StormClient::notices).toList();
        showNext(shortLived, time.wallClock().instant().plus(LIFE));
        Issued certificate = renewCertificate();
        comeBackWithNext(expire);
        time.passes(UP_TO_THE_NOTICE);
        List<StormClient> told = clients(shortLived);
        for (int i = 0; i < told.size(); i++) {
            told.get(i).awaitNotices(notices.get(i) + 1);
        }
        showNext(renew, null);
        List<String> former = revoked.stream().map(Name::now).toList();
        comeBackWithNext(revoked);
        for (String each : former) {
            files.revoke(each);
        }
        reloadIdentities();
        time.passes(UP_TO_THE_END);

        for (StormClient each : comeBack) {
            each.awaitConnections(connections.getOrDefault(each, 0));
            assertThat(each.certificate()).isEqualTo(certificate.certificate());
        }
        feed.awaitAcknowledged(first + CHANGES_IN_A_ROUND);
        connections.forEach(
                (each, count) -> assertThat(each.connections()).as("%s", each).isEqualTo(count));
        ends.merge(CloseReason.EXPIRED, (long) clients(expire).size(), Long::sum);
        ends.merge(CloseReason.REVOKED, (long) clients(revoked).size(), Long::sum);
        assertThat(server.connections().totals().reasons()).isEqualTo(ends);
    }

    @Test
    void nobodyElseIsTouchedNothingIsLostAndWhoRenewsHasNoGap() throws Exception {
        start();
        try {
            long began = System.nanoTime();
            connectAll();
            for (int number = 0; number < ROUNDS; number++) {
                round(number);
            }
            end();
            System.out.printf(
                    Locale.ROOT,
                    "%d rounds among %d followers in %.0f s: %s, %d changes acknowledged%n",
                    ROUNDS,
                    FOLLOWERS,
                    (System.nanoTime() - began) / 1e9,
                    ends,
                    feed.acknowledged());
        } catch (Exception | AssertionError e) {
            throw new AssertionError("make the same choices with -Dtidegate.seed=" + seed, e);
        }
    }

    private void end() throws Exception {
        for (StormClient each : clients(publishers)) {
            each.leaves();
        }
        for (StormClient each : clients(publishers)) {
            each.awaitEnd("quit");
        }
        long head = server.position().seq();
        CompletableFuture<DrainReport> drained = server.drain("test").toCompletableFuture();
        DrainReport report = time.flowsAsUsualWhile(() -> drained.join());
        for (StormClient each : clients(followers)) {
            each.awaitEnd("shutdown");
            assertThat(each.seq()).as("%s", each).isEqualTo(head);
        }
        assertThat(report.completed()).isEqualTo(FOLLOWERS);
        assertThat(server.connections().totals().aborted()).isZero();
        assertThat(server.connections().totals().resetByPeer()).isZero();
        assertThat(server.connections().totals().completed())
                .isEqualTo(server.connections().totals().ended());
        feed.verify(head);
    }
}
