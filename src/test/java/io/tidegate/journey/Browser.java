package io.tidegate.journey;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real browser without a window: Chromium, driven over its DevTools protocol.
 *
 * <p>It asks its page things in JavaScript; what has to be awaited is awaited in the page.
 */
final class Browser implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");

    private static final Pattern DEBUGGER = Pattern.compile("DevTools listening on ws://[^:]+:(\\d+)/");

    /** What the browser answers for a page that is not there any more. */
    private static final Pattern GONE = Pattern.compile("navigated or closed|context was destroyed");

    private static final Pattern REQUEST = Pattern.compile("\"request\":\\{\"url\":\"([^\"]*)\"");

    /** By the names of the keys. */
    private static final Map<String, Integer> KEY_CODES = Map.ofEntries(
            Map.entry("Tab", 9),
            Map.entry("Enter", 13),
            Map.entry("Escape", 27),
            Map.entry(" ", 32),
            Map.entry("PageUp", 33),
            Map.entry("PageDown", 34),
            Map.entry("End", 35),
            Map.entry("Home", 36),
            Map.entry("ArrowLeft", 37),
            Map.entry("ArrowUp", 38),
            Map.entry("ArrowRight", 39),
            Map.entry("ArrowDown", 40),
            Map.entry("/", 191));

    private static final int MOST_PAGES = 5;

    /** No phone is wider. */
    private static final int PHONE_WIDTH = 500;

    private static final JsonFactory JSON = new JsonFactory();

    private final ServerProcess process;
    private final DevTools devTools;
    private final WebSocket socket;

    private Browser(ServerProcess process, DevTools devTools, WebSocket socket) {
        this.process = process;
        this.devTools = devTools;
        this.socket = socket;
    }

    /** The browser's program; empty where none is installed. */
    static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Opens a page.
     *
     * @param profile an empty directory for what a browser remembers
     * @param options more of them
     */
    static Browser open(Path program, Path profile, URI page, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless=new",
                // A sandbox needs rights that build machines do not give; the only page is ours.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                // Those of tests are signed by nobody whom a browser knows.
                "--ignore-certificate-errors",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
        command.addAll(List.of(options));
        command.add("about:blank");
        var process = new ServerProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        String port = process.await(DEBUGGER).group(1);
        var devTools = new DevTools();
        HttpClient client = HttpClient.newHttpClient();
        WebSocket socket = Background.await(
                client.newWebSocketBuilder().buildAsync(URI.create(pageSocket(client, port)), devTools),
                "the browser's debugger");
        var browser = new Browser(process, devTools, socket);
        browser.call("Log.enable", "{}");
        browser.call("Runtime.enable", "{}");
        browser.go(page);
        return browser;
    }

    /** Another page. */
    void go(URI page) throws Exception {
        // Answered when the page has taken the place of the one before; what is asked from then on is asked of it.
        call("Page.navigate", "{\"url\":\"" + page + "\"}");
    }

    /** Asks the browser for its pages; there is one. */
    private static String pageSocket(HttpClient client, String port) throws Exception {
        var request = java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                .build();
        String pages = client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString())
                .body();
        return Stream.of(pages.split("\\{"))
                .filter(target -> target.contains("\"type\": \"page\""))
                .map(target -> field(target, "webSocketDebuggerUrl"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the browser has no page: " + pages));
    }

    private static String field(String json, String name) {
        return json.replaceAll("(?s).*\"" + name + "\":\\s*\"([^\"]*)\".*", "$1");
    }

    /** The debugger's side: answers by number, and what the page complained about. */
    private static final class DevTools implements WebSocket.Listener {

        private final Map<Integer, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
        private final List<String> complaints = new CopyOnWriteArrayList<>();
        private final List<String> requests = new CopyOnWriteArrayList<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                message(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        private void message(String message) {
            if (message.startsWith("{\"id\":")) {
                int id = Integer.parseInt(message.substring(6).split("[^0-9]", 2)[0]);
                answers.remove(id).complete(message);
            } else if (message.contains("\"Runtime.exceptionThrown\"")
                    || (message.contains("\"Log.entryAdded\"") && message.contains("\"level\":\"error\""))) {
                complaints.add(message);
            } else if (message.contains("\"Network.requestWillBeSent\"")) {
                REQUEST.matcher(message).results().forEach(request -> requests.add(request.group(1)));
            }
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            answers.values().forEach(answer -> answer.completeExceptionally(error));
        }
    }

    private final AtomicInteger calls = new AtomicInteger();

    /** What it answers to a command of its debugger. */
    String call(String method, String parameters) throws Exception {
        int id = calls.incrementAndGet();
        var answer = new CompletableFuture<String>();
        devTools.answers.put(id, answer);
        var unused = socket.sendText(
                "{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}", true);
        return Background.await(answer, "the browser's answer to " + method);
    }

    /** The text that the expression gives; if it is a promise, what it resolves to. */
    String evaluate(String expression) throws Exception {
        String quoted = String.valueOf(JsonStringEncoder.getInstance().quoteAsString(expression));
        String answer = call(
                "Runtime.evaluate", "{\"expression\":\"" + quoted + "\",\"awaitPromise\":true,\"returnByValue\":true}");
        try (JsonParser parser = JSON.createParser(answer)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && parser.currentName().equals("exceptionDetails")) {
                    throw new AssertionError(expression + " failed in the browser: " + answer);
                }
                if (token == JsonToken.FIELD_NAME && parser.currentName().equals("value")) {
                    parser.nextToken();
                    return parser.getText();
                }
            }
        }
        throw GONE.matcher(answer).find() ? new GonePageException() : new IOException("no value: " + answer);
    }

    /** Another page has come while something was awaited in the one before. */
    private static final class GonePageException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Waits until the expression is true in the page, or in the one that takes its place. */
    void await(String expression) throws Exception {
        for (int page = 0; page < MOST_PAGES; page++) {
            try {
                awaitInPage(expression);
                return;
            } catch (GonePageException e) {
                // It is asked for in the next one.
            }
        }
        throw new AssertionError("one page came after the other, and in none it came true that " + expression);
    }

    private void awaitInPage(String expression) throws Exception {
        String outcome = evaluate(
                """
                new Promise((resolve) => {
                  const giveUpAt = Date.now() + %d;
                  const holds = () => {
                    try {
                      return %s;
                    } catch (notThereYet) {
                      return false;
                    }
                  };
                  const look = () => {
                    if (holds()) {
                      resolve("true");
                    } else if (Date.now() > giveUpAt) {
                      resolve(document.body.innerText);
                    } else {
                      setTimeout(look, 20);
                    }
                  };
                  look();
                })
                """
                        .formatted(TimeUnit.SECONDS.toMillis(20), expression));
        if (!outcome.equals("true")) {
            throw new AssertionError("in the page it never came true that " + expression + "; it shows:\n" + outcome);
        }
    }

    /** As a browser does with a tab that nobody has looked at for a while: nothing in it runs. */
    void freeze() throws Exception {
        call("Page.setWebLifecycleState", "{\"state\":\"frozen\"}");
    }

    /** Somebody looks at the tab again. */
    void thaw() throws Exception {
        call("Page.setWebLifecycleState", "{\"state\":\"active\"}");
    }

    /** Errors that the page threw, was refused by its security policy, or met in the network. */
    List<String> complaints() {
        return List.copyOf(devTools.complaints);
    }

    /** From now on it is known what the page asks for. */
    void watchRequests() throws Exception {
        call("Network.enable", "{}");
    }

    /** The URLs that the page has asked for. */
    List<String> requests() {
        return List.copyOf(devTools.requests);
    }

    /** The window has the focus, as one that somebody sees. */
    void focus() throws Exception {
        call("Emulation.setFocusEmulationEnabled", "{\"enabled\":true}");
    }

    /** Another window, of a phone if it is narrow, and another taste. */
    void show(int width, int height, boolean isDark) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":%s}"
                        .formatted(width, height, width < PHONE_WIDTH));
        call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"%s\"}]}"
                        .formatted(isDark ? "dark" : "light"));
    }

    /** Presses keys by their names, such as {@code ArrowDown}, one after the other, and lets them go. */
    void press(String... keys) throws Exception {
        for (String key : keys) {
            int code = Objects.requireNonNull(KEY_CODES.get(key), key);
            String text = key.equals("Enter") ? "\\r" : key.length() == 1 ? key : "";
            String pressed = "\"key\":\"%s\",\"code\":\"%s\",\"windowsVirtualKeyCode\":%d".formatted(key, key, code);
            call("Input.dispatchKeyEvent", "{\"type\":\"keyDown\",\"text\":\"" + text + "\"," + pressed + "}");
            call("Input.dispatchKeyEvent", "{\"type\":\"keyUp\"," + pressed + "}");
        }
    }

    /** Types where the focus is. */
    void type(String text) throws Exception {
        call("Input.insertText", "{\"text\":\"" + text + "\"}");
    }

    /** What the window shows, as a PNG. */
    byte[] picture() throws Exception {
        return Base64.getDecoder().decode(field(call("Page.captureScreenshot", "{\"format\":\"png\"}"), "data"));
    }

    @Override
    public void close() {
        socket.abort();
        process.close();
    }
}
