package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.server.LineClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody looks at the feed in a browser while it changes, and while the server is restarted. */
@Timeout(600)
class PageJourney {

    @TempDir
    Path directory;

    @TempDir
    Path profile;

    @Test
    void pageShowsTheFeedSaysThatTheServerStopsAndComesBackToTheNextOne() throws Exception {
        Optional<Path> program = Browser.program();
        assumeTrue(program.isPresent(), "no Chromium is installed here: the page is not tested");
        int port = ServerCommand.stablePort(new Random());
        ServerCommand command = ServerCommand.in(directory).with("http.port", port);
        try (ServerProcess first = command.start()) {
            publish(
                    first,
                    "put orders o-17 {\"qty\":5}",
                    "put orders <b>o</b> {\"note\":\"<script>alert(1)</script>\"}");
            try (Browser browser = Browser.open(program.get(), profile, URI.create("http://127.0.0.1:" + port + "/"))) {
                browser.await(state("live"));
                browser.await(shows("documents", "o-17"));
                browser.await(shows("documents", "<script>alert(1)</script>"));
                browser.await(shows("collections", "orders"));
                publish(first, "put quakes q-1 {\"mag\":6.1}", "delete orders o-17");
                browser.await(shows("collections", "quakes"));
                browser.await("!(" + shows("documents", "o-17") + ")");
                browser.await(shows("updates", "orders/o-17 deleted"));
                assertThat(browser.complaints()).isEmpty();

                browser.evaluate(RECORD_STATES);
                first.stop(Trigger.Kind.SIGTERM);
                assertThat(first.awaitExit().code()).isZero();
                browser.await("window.states.some((text) => text.includes('goodbye'))");
                try (ServerProcess second = command.start()) {
                    publish(second, "put quakes q-2 {\"mag\":4.4}");
                    browser.await(state("live"));
                    browser.await(shows("updates", "quakes/q-2"));
                    assertThat(browser.evaluate("document.querySelectorAll('#updates li').length + ''"))
                            .as("updates: it went on where it was")
                            .isEqualTo("3");
                    showsWhatIsChosen(browser, second);
                    second.stop(Trigger.Kind.SIGTERM);
                    assertThat(second.awaitExit().code()).isZero();
                }
            }
        }
    }

    private static void showsWhatIsChosen(Browser browser, ServerProcess server) throws Exception {
        browser.evaluate(choose("quakes/q-*  quakes/q-9"));
        browser.await("location.hash === '#select=quakes%2Fq-*&select=quakes%2Fq-9'");
        browser.await(state("live") + " && " + shows("documents", "q-2"));
        browser.await("!(" + shows("collections", "orders") + ")");
        publish(server, "put orders o-18 1", "put quakes other 1", "put quakes q-3 {\"mag\":5}");
        browser.await(shows("updates", "quakes/q-3"));
        assertThat(browser.evaluate("document.querySelectorAll('#updates li').length + ''"))
                .as("updates of what is chosen")
                .isEqualTo("1");

        browser.evaluate(choose("quakes/"));
        browser.await(state("offline") + " && " + shows("state", "a key is missing behind the /"));
        browser.evaluate("location.hash = 'select=orders'");
        browser.await(state("live") + " && " + shows("documents", "o-18"));
        browser.await("document.getElementById('select').value === 'orders'");
        browser.evaluate(choose(""));
        browser.await(state("live") + " && " + shows("collections", "quakes"));
    }

    private static String choose(String selectors) {
        return """
                (() => {
                  const field = document.getElementById("select");
                  field.value = "%s";
                  field.dispatchEvent(new Event("change"));
                  return "chosen";
                })()
                """
                .formatted(selectors);
    }

    private static final String RECORD_STATES =
            """
            (() => {
              window.states = [];
              const state = document.getElementById("state");
              new MutationObserver(() => window.states.push(state.textContent))
                  .observe(state, { childList: true, characterData: true, subtree: true });
              return "recording";
            })()
            """;

    private static String state(String name) {
        return "document.getElementById('state').dataset.state === '" + name + "'";
    }

    private static String shows(String element, String text) {
        return "document.getElementById('" + element + "').innerText.includes('" + text.replace("/", "\\/") + "')";
    }

    private static void publish(ServerProcess server, String... lines) throws Exception {
        try (var client = new LineClient(server.awaitAddress())) {
            for (String line : lines) {
                client.send(line);
                assertThat(client.line()).contains("accepted");
            }
        }
    }
}
