package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.Signals;
import io.tidegate.Timing;
import io.tidegate.access.Grant;
import io.tidegate.access.Token;
import io.tidegate.access.TokensFile;
import io.tidegate.server.LineClient;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody operates a server in a browser: shows who that is, looks at who is connected, ends some, and at last the server. */
@Timeout(600)
class ConsoleJourney {

    /** Who is there besides: {@code -Djourney.connections=5000} for as many as a large server has. */
    private static final int CROWD = Integer.getInteger("journey.connections", 500);

    private static final int FRAMES = 90;

    @TempDir
    Path directory;

    @TempDir
    Path profile;

    private final String operator = Token.random();
    private final String reader = Token.random();

    @SuppressWarnings("NullAway.Init") // each journey opens its own
    private Browser browser;

    @SuppressWarnings("NullAway.Init") // and sits before it
    @BeforeEach
    void requireABrowser() {
        assumeTrue(Browser.program().isPresent(), "no Chromium is installed here: the console is not tested");
    }

    private Browser open(ServerProcess server) throws Exception {
        URI console =
                URI.create("http://127.0.0.1:" + server.awaitAdminAddress().getPort() + "/");
        browser = Browser.open(Browser.program().orElseThrow(), profile, console);
        browser.focus();
        browser.show(1280, 900, false);
        return browser;
    }

    @Test
    void anOperatorLooksEndsConnectionsAndTheServerAndIsToldTheTruth() throws Exception {
        try (ServerProcess server =
                        command().run("serve", "--config", strangers().toString());
                var crowd = new Crowd(server.awaitAddress(), CROWD, "updates crowd");
                Browser opened = open(server)) {
            assertThat(opened).isNotNull();
            assertThat(crowd.size()).isEqualTo(CROWD);
            signsInAndOut(server);
            browser.await(state("running"));
            browser.await(shows("counts", count(CROWD) + " connections"));
            looksAreRight();
            rowsAreInOrder();
            scrollingIsSmooth();
            endsByEachVerb(server);
            seesWhatHappens(server);
            everythingIsReachedByKeys();
            assertThat(browser.evaluate(FOREIGN_REQUESTS)).isEmpty();
            assertThat(browser.complaints())
                    .filteredOn(
                            complaint -> !complaint.contains("status of 401") && !complaint.contains("status of 403"))
                    .isEmpty();
            stopsTheServer(server);
        }
    }

    private ServerCommand command() throws Exception {
        Path tokens = directory.resolve("tokens");
        var file = new TokensFile(tokens);
        file.add(Token.of("ops", operator, new Grant(List.of(), List.of(), true), null, Instant.EPOCH), false);
        file.add(Token.of("desk", reader, new Grant(List.of("*"), List.of(), false), null, Instant.EPOCH), false);
        return ServerCommand.in(directory.resolve("data"))
                .withoutHeartbeats()
                .with("access.tokens-file", tokens)
                .with("drain.timeout", "20 s");
    }

    /** Clients do not have to say who they are; who operates the server has to. */
    private Path strangers() throws Exception {
        return Files.writeString(
                directory.resolve("strangers.conf"), "tidegate.access.anonymous { read = [\"*\"], write = [\"*\"] }\n");
    }

    private static final String SHOWN = "((id) => document.getElementById(id).textContent)";

    private static final String ROWS = "[...document.querySelectorAll('#grid .row')].filter((row) => !row.hidden)";

    private static final String FIRST = "Math.min(..." + ROWS + ".map((row) => Number(row.dataset.at)))";

    private static final String FOREIGN_REQUESTS =
            """
            performance.getEntriesByType("resource").map(({ name }) => name)
              .filter((name) => !name.startsWith(location.origin + "/")).join(" ")
            """;

    private static String count(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String state(String name) {
        return "document.getElementById('state').dataset.state === '" + name + "'";
    }

    private static String shows(String element, String text) {
        return "document.getElementById('" + element + "').textContent.includes('" + text + "')";
    }

    private void click(String element) throws Exception {
        browser.evaluate("document.getElementById('" + element + "').click() + ''");
    }

    private void looksAreRight() throws Exception {
        for (boolean isDark : List.of(false, true)) {
            browser.show(1280, 900, isDark);
            assertThat(browser.evaluate(Legibility.FAINT))
                    .as("faint in the " + (isDark ? "dark" : "light"))
                    .isEmpty();
        }
        browser.show(1280, 900, false);
        assertThat(browser.evaluate(Legibility.NAMELESS)).isEmpty();
        browser.show(360, 780, false);
        assertThat(browser.evaluate(Legibility.TOO_WIDE)).as("on a phone").isEqualTo("0");
        browser.show(1280, 900, false);
    }

    private void rowsAreInOrder() throws Exception {
        browser.evaluate("document.querySelector('[data-column=id]').click() + ''");
        browser.await("document.querySelector('.head .id').ariaSort === 'descending'");
        browser.await(ROWS + ".find((row) => row.dataset.at === '0').id === 'row-" + CROWD + "'");
        browser.evaluate("document.querySelector('[data-column=age]').click() + ''");
        browser.await("document.querySelector('.head .age').ariaSort === 'ascending'");
        browser.await("document.querySelector('.head .id').ariaSort === 'none'");
        browser.evaluate("document.querySelector('[data-column=id]').click() + ''");
        browser.await(ROWS + ".find((row) => row.dataset.at === '0').id === 'row-1'");
        assertThat(browser.evaluate("document.getElementById('grid').ariaRowCount"))
                .isEqualTo(String.valueOf(CROWD + 1));
    }

    private void scrollingIsSmooth() throws Exception {
        String measured = browser.evaluate(
                """
                new Promise((resolve) => {
                  const grid = document.getElementById("grid");
                  const height = document.querySelector(".head").offsetHeight;
                  // Who scrolls by more than is spare sees what is drawn a frame later.
                  const step = Math.min((grid.scrollHeight - grid.clientHeight) / %d, 5 * height);
                  const frames = [];
                  let wrong = 0;
                  let before = performance.now();
                  const frame = (now) => {
                    frames.push(now - before);
                    before = now;
                    // What was drawn for the last frame is there.
                    const first = Math.ceil(grid.scrollTop / height);
                    const row = %s.find((each) => Number(each.dataset.at) === first);
                    wrong += row && row.id === `row-${first + 1}` ? 0 : 1;
                    if (frames.length > %d) {
                      const sorted = frames.slice(1).sort((one, other) => one - other);
                      const at = (part) => sorted[Math.floor(part * (sorted.length - 1))].toFixed(1);
                      resolve([wrong, %s.length, at(0.5), at(0.95), at(1)].join(" "));
                    } else {
                      grid.scrollTop += step;
                      requestAnimationFrame(frame);
                    }
                  };
                  requestAnimationFrame(frame);
                })
                """
                        .formatted(FRAMES, ROWS, FRAMES, ROWS));
        System.out.println("frames: wrong, rows drawn, median ms, 95 % ms, longest ms: " + measured);
        String[] figures = measured.split(" ", -1);
        assertThat(figures[0]).as("frames without the row that belongs there").isEqualTo("0");
        assertThat(Integer.parseInt(figures[1])).as("rows that are drawn").isLessThan(60);
        assertThat(browser.evaluate(FIRST + " + ''")).isNotEqualTo("0");
        Timing.onQuietMachine(() ->
                assertThat(Double.parseDouble(figures[3])).as("ms of a frame").isLessThan(34));
        browser.evaluate("document.getElementById('grid').scrollTop = 0, ''");
    }

    private void filter(String text) throws Exception {
        browser.evaluate(
                """
                (() => {
                  const filter = document.getElementById("filter");
                  filter.value = "%s";
                  filter.dispatchEvent(new Event("input"));
                  return "filtered";
                })()
                """
                        .formatted(text));
    }

    private void choose(LineClient client) throws Exception {
        int port = client.socket().getLocalPort();
        filter("127.0.0.1:" + port);
        browser.await(ROWS + ".length === 1 && " + ROWS + "[0].textContent.includes(':" + port + "')");
        browser.evaluate(ROWS + "[0].click() + ''");
        browser.await(shows("counts", "1 selected"));
    }

    private static LineClient follower(ServerProcess server) throws Exception {
        var client = new LineClient(server.awaitAddress());
        client.send("updates");
        assertThat(client.lines(2).get(0)).contains("subscribed");
        return client;
    }

    private void endsByEachVerb(ServerProcess server) throws Exception {
        try (var first = follower(server);
                var second = follower(server);
                var third = follower(server)) {
            choose(first);
            click("shutdown");
            assertThat(first.rest()).singleElement().asString().contains("goodbye");
            first.socket().close();
            browser.await(
                    shows("told", "shutdown of connection " + (CROWD + 1) + ": 1 completed (shutdown), 0 bytes left"));

            choose(second);
            browser.evaluate("document.getElementById('close').focus() + ''");
            browser.press("Enter");
            assertThat(second.rest()).isEmpty();
            second.socket().close();
            browser.await(shows("told", "close of connection " + (CROWD + 2) + ": 1 completed (closed)"));

            choose(third);
            click("abort");
            browser.await("document.getElementById('confirm').open");
            browser.press("Escape");
            browser.await("!document.getElementById('confirm').open");
            third.send("ping");
            assertThat(third.line()).contains("pong");
            click("abort");
            browser.await("document.getElementById('confirm').open");
            click("confirm-do");
            assertThatThrownBy(third::rest).isInstanceOf(SocketException.class);
            browser.await(shows("told", "abort of connection " + (CROWD + 3) + ": 1 aborted (aborted)"));
            browser.await("document.querySelector('#ends tr').textContent.includes('aborted')");
        }
        endsSomeByKeys();
    }

    /** The first three of the crowd, who have all that they were sent, and never close their side. */
    private void endsSomeByKeys() throws Exception {
        filter("");
        browser.await(shows("counts", count(CROWD) + " connections") + " && " + ROWS + ".length > 3");
        browser.evaluate("document.getElementById('grid').focus() + ''");
        browser.press("Home");
        for (int i = 0; i < 3; i++) {
            browser.press(" ");
            browser.press("ArrowDown");
        }
        browser.await(shows("counts", "3 selected"));
        click("close");
        browser.await("document.getElementById('confirm').open && " + shows("confirm-title", "Close 3 connections?"));
        click("confirm-do");
        browser.await(shows("told", "close of 3 connections: 3 completed (closed)"));
        browser.await(shows("counts", "0 selected"));
    }

    private void seesWhatHappens(ServerProcess server) throws Exception {
        String before = browser.evaluate(pixels("updates"));
        try (var publisher = new LineClient(server.awaitAddress())) {
            for (int i = 0; i < 40; i++) {
                publisher.send("put orders o-" + i + " {\"qty\":" + i + "}");
                assertThat(publisher.line()).contains("accepted");
            }
        }
        browser.await("/\\d m?s/.test(document.querySelector('#plot-latency output').textContent)");
        browser.await(pixels("updates") + " !== '" + before + "'");
        browser.await(shows("feed", ":40") + " && " + shows("feed", "40 updates"));
        click("count-collections");
        browser.await(shows("collections-note", "40 documents in 1 collection"));
    }

    /** What is drawn, as a number. */
    private static String pixels(String plot) {
        return """
               (() => {
                 const canvas = document.querySelector("#plot-%s canvas");
                 const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                 return String(data.reduce((hash, value) => (31 * hash + value) | 0, 7));
               })()
               """
                .formatted(plot);
    }

    private void everythingIsReachedByKeys() throws Exception {
        browser.evaluate("document.activeElement.blur(), ''");
        int all = Integer.parseInt(browser.evaluate(Legibility.REACHABLE));
        Set<String> reached = new HashSet<>();
        // Behind the last one comes the browser, and then the first one.
        for (int i = 0; i <= all; i++) {
            browser.press("Tab");
            reached.add(browser.evaluate(Legibility.FOCUSED));
        }
        reached.remove("");
        assertThat(reached).hasSize(all).allSatisfy(each -> assertThat(each).endsWith(" true"));
    }

    private void stopsTheServer(ServerProcess server) throws Exception {
        try (var stuck = new LineClient(server.awaitAddress(), 4096)) {
            stuck.send("updates big");
            assertThat(stuck.lines(2).get(0)).contains("subscribed");
            try (var publisher = new LineClient(server.awaitAddress())) {
                String value = "\"" + "x".repeat(500_000) + "\"";
                for (int i = 0; i < 20; i++) {
                    assertThat(publisher.send("put big a " + value).line()).contains("accepted");
                }
            }
            choose(stuck);
            browser.await("/^[1-9]/.test(" + ROWS + "[0].querySelector('.stuck').textContent)");
            click("forecast");
            browser.await(shows("drain-note", "1 stuck: a stop takes about"));
            beginsToStop(10_000);
            browser.await(state("draining") + " && " + shows("state", "Announcing its end"));
            click("cancel");
            browser.await(state("running") + " && " + shows("drain-note", "Cancelled"));

            beginsToStop(0);
            browser.await(shows("state", "Draining: 1 open") + " && " + shows("drain-line", "1 straggler"));
            browser.await("document.querySelector('#phases .now').textContent === 'Ending connections'");
            click("abort");
            click("confirm-do");
            assertThat(server.awaitExit().code()).as("a straggler was aborted").isEqualTo(3);
            browser.await(state("gone") + " && " + shows("drain-line", "This is its report"));
            String line = server.log().stream()
                    .filter(each -> each.contains("Drained in"))
                    .findFirst()
                    .orElseThrow();
            assertThat(line).endsWith(browser.evaluate(SHOWN + "('report')"));
            assertThat(browser.evaluate(SHOWN + "('report')")).contains("after admin", "1 aborted");
        }
    }

    private void beginsToStop(int announceMillis) throws Exception {
        browser.evaluate("document.getElementById('announce').value = '" + announceMillis + "'");
        click("stop");
        browser.await("document.getElementById('confirm').open && document.getElementById('confirm-do').disabled");
        browser.type("stop");
        browser.press("Enter");
        browser.await("!document.getElementById('confirm').open");
    }

    private void signsInAndOut(ServerProcess server) throws Exception {
        browser.await(state("signed-out") + " && document.getElementById('panels').hidden");
        browser.await(shows("sign-in-way", "not encrypted"));
        for (String wrong : List.of("tg_nobody", reader)) {
            signIn(wrong);
            browser.await(shows("sign-in-note", wrong.equals(reader) ? "lacks the right admin" : "nobody"));
        }
        signIn(operator);
        browser.await(state("running") + " && document.getElementById('sign-in').hidden");
        browser.await(shows("pid", String.valueOf(server.pid())));
        browser.await(shows("counts", count(CROWD) + " connections"));
        assertThat(browser.evaluate("document.cookie + localStorage.length + sessionStorage.length"))
                .as("kept nowhere")
                .isEqualTo("00");
        Signals.freeze(server.pid());
        try {
            click("sign-out");
            assertThat(browser.evaluate("document.getElementById('panels').hidden + ''"))
                    .as("hidden although nobody answers")
                    .isEqualTo("true");
            assertThat(browser.evaluate(SHOWN + "('pid') + " + SHOWN + "('counts') + " + SHOWN + "('feed')"))
                    .isEqualTo("–");
            browser.await(ROWS + ".length === 0");
        } finally {
            Signals.thaw(server.pid());
        }
        browser.await(state("signed-out") + " && document.getElementById('panels').hidden");
        signIn(operator);
    }

    private void signIn(String token) throws Exception {
        browser.evaluate(
                """
                (() => {
                  document.getElementById("token").value = "%s";
                  document.getElementById("sign-in").requestSubmit();
                  return "sent";
                })()
                """
                        .formatted(token));
    }
}
