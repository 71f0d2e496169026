package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.access.Attempts;
import io.tidegate.access.Rights;
import io.tidegate.access.TestIdentities;
import io.tidegate.document.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may do what, by every way in: the server against a model that knows rights as words only. */
@Timeout(300)
class AccessMatrixTest {

    private static final TestIdentities IDENTITIES = new TestIdentities();

    @RegisterExtension
    static final SharedServer SERVER = new SharedServer(IDENTITIES, Attempts.UNCOUNTED);

    private static final List<String> READ = List.of("", "a", "a/x*", "a/x1", "a b", "open c/k*", "*");
    private static final List<String> WRITE = List.of("", "a", "a/x* b/y", "*");

    /** What may be read without an identity. */
    private static final String ANYBODYS = "open";

    private static final Set<String> DOCUMENTS =
            new TreeSet<>(List.of("a/x1", "a/x2", "a/z", "b/y", "b/y2", "c/k1", "open/o"));

    /** Selections, some of what there is not. */
    private static final List<String> ASKED = List.of(
            "",
            "a",
            "a/x*",
            "a/x1",
            "a/x11",
            "b",
            "a b",
            "a/x1 a/x2",
            "c/k*",
            "c/nothing",
            "nothing",
            "open",
            "open/o a/z");

    private static final List<String> WRITTEN = List.of("a/x1", "a/z", "b/y", "b/y2", "open/o", "nothing/n");

    /** One who asks. */
    private record Who(String name, @Nullable String token, String read, String write) {

        /** Whether what is shown is somebody's. */
        boolean isProven() {
            return token != null && !isWrong();
        }

        boolean isWrong() {
            return name.equals("wrong");
        }

        String refusal() {
            return isProven() ? "forbidden" : "unauthenticated";
        }

        /** The documents that are the answer, or the code of the refusal. */
        String reading(String asked) {
            List<String> mine = words(read);
            List<String> theirs = words(asked);
            if (mine.isEmpty()
                    || !theirs.stream().allMatch(word -> mine.stream().anyMatch(each -> covers(each, word)))) {
                return refusal();
            }
            return DOCUMENTS.stream()
                    .filter(name -> (theirs.isEmpty() ? mine : theirs).stream().anyMatch(word -> covers(word, name)))
                    .collect(Collectors.joining(" ", "[", "]"));
        }

        String writing(String name) {
            return words(write).stream().anyMatch(word -> covers(word, name)) ? "accepted" : refusal();
        }

        private static List<String> words(String text) {
            return Arrays.stream(text.split(" ", -1))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }

        private static boolean covers(String wide, String narrow) {
            if (wide.equals("*") || wide.equals(narrow)) {
                return true;
            }
            if (wide.indexOf('/') < 0) {
                return narrow.startsWith(wide + "/");
            }
            return wide.endsWith("*") && narrow.startsWith(wide.substring(0, wide.length() - 1));
        }
    }

    private static List<Who> everybody() {
        List<Who> all = new ArrayList<>();
        all.add(new Who("nobody", null, ANYBODYS, ""));
        all.add(new Who("wrong", "token-wrong", ANYBODYS, ""));
        for (String read : READ) {
            for (String write : WRITE) {
                String name = "n" + all.size();
                all.add(new Who(name, TestIdentities.tokenOf(name), read, write));
            }
        }
        return all;
    }

    private final Map<String, String> differences = new LinkedHashMap<>();
    private int cells;

    @BeforeAll
    static void fill() {
        IDENTITIES.withAnonymous(TestIdentities.rights(ANYBODYS, "", false));
        for (Who who : everybody()) {
            if (who.isProven()) {
                IDENTITIES.with(who.name(), TestIdentities.rights(who.read(), who.write(), false));
            }
        }
        for (String name : DOCUMENTS) {
            var unused = SERVER.tidegate()
                    .publish(change(name))
                    .toCompletableFuture()
                    .join();
        }
    }

    private static Change change(String name) {
        String[] parts = name.split("/", -1);
        return Change.put(parts[0], parts[1], "1");
    }

    private void same(Who who, String what, String expected, String seen) {
        cells++;
        if (!expected.equals(seen)) {
            differences.put(who + " " + what, "expected " + expected + ", was " + seen);
        }
    }

    @Test
    void theServerAndTheModelAreOfOneMind() throws Exception {
        for (Who who : everybody()) {
            byLines(who);
            byWebSocket(who);
            byDocuments(who);
            byStreams(who);
            byWrites(who);
        }

        assertThat(differences).isEmpty();
        assertThat(cells).isGreaterThan(3_000);
    }

    // ---- lines

    private interface Lines {
        @Nullable
        String read() throws IOException;
    }

    private static List<String> requests(Who who) {
        List<String> requests = new ArrayList<>();
        if (who.token() != null) {
            requests.add("auth " + who.token());
        }
        ASKED.forEach(asked -> requests.add("sync " + asked));
        // The same value again leaves the documents as they are.
        WRITTEN.stream()
                .filter(DOCUMENTS::contains)
                .forEach(name -> requests.add("put " + name.replace('/', ' ') + " 1"));
        WRITTEN.forEach(name -> requests.add("delete " + name.replace('/', ' ') + "-none"));
        return requests;
    }

    private void byLines(Who who) throws IOException {
        try (var client = new LineClient(SERVER.tidegate().tcpAddress())) {
            client.send(requests(who).toArray(String[]::new));
            compare(who, "tcp", client::read);
        }
    }

    private void byWebSocket(Who who) throws IOException {
        try (var client = new WebSocketLines(SERVER.tidegate(), "/v1/socket")) {
            client.send(requests(who).toArray(String[]::new));
            compare(who, "websocket", client::read);
        }
    }

    private void compare(Who who, String transport, Lines lines) throws IOException {
        if (who.token() != null) {
            same(who, transport + " auth", who.isProven() ? "authenticated" : "unauthenticated", answer(lines));
        }
        for (String asked : ASKED) {
            same(who, transport + " sync " + asked, who.reading(asked), documents(lines));
        }
        for (String name : WRITTEN) {
            if (DOCUMENTS.contains(name)) {
                same(who, transport + " put " + name, who.writing(name), answer(lines));
            }
        }
        for (String name : WRITTEN) {
            same(who, transport + " delete " + name, who.writing(name + "-none"), answer(lines));
        }
    }

    private static String answer(Lines lines) throws IOException {
        String line = String.valueOf(lines.read());
        return line.contains("\"event\":\"error\"") ? member(line, "code") : member(line, "event");
    }

    private static String member(String json, String name) {
        Matcher member = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        return member.find() ? member.group(1) : json;
    }

    /** Up to {@code synced}, {@code caughtup}, or an error. */
    private static String documents(Lines lines) throws IOException {
        Set<String> names = new TreeSet<>();
        while (true) {
            String line = lines.read();
            if (line == null) {
                return names + " and the end";
            }
            switch (member(line, "event")) {
                case "document", "put" -> names.add(member(line, "collection") + "/" + member(line, "key"));
                case "synced", "caughtup" -> {
                    return names.stream().collect(Collectors.joining(" ", "[", "]"));
                }
                case "error" -> {
                    return member(line, "code");
                }
                default -> {
                    // The number of documents, or where it begins.
                }
            }
        }
    }

    // ---- HTTP

    private static String[] headers(Who who, String... more) {
        Stream<String> token = who.token() == null ? Stream.empty() : Stream.of("Authorization: Bearer " + who.token());
        return Stream.concat(token, Arrays.stream(more)).toArray(String[]::new);
    }

    /** Over HTTP, what is nobody's is refused wherever it is shown. */
    private static String overHttp(Who who, String outcome) {
        return who.isWrong() ? "unauthenticated" : outcome;
    }

    private static String query(String asked) {
        return Who.words(asked).stream().map(word -> "&select=" + word).collect(Collectors.joining());
    }

    private void byDocuments(Who who) throws IOException {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            for (String asked : ASKED) {
                HttpSocket.Response response = client.send(
                                "GET /v1/documents?" + query(asked), headers(who, "Accept: application/x-ndjson"))
                        .response();
                same(
                        who,
                        "documents " + asked,
                        overHttp(who, who.reading(asked)),
                        response.status() == 200 ? names(response.body()) : code(response));
            }
            for (String name : Stream.concat(DOCUMENTS.stream(), Stream.of("a/x3", "nothing/n"))
                    .toList()) {
                HttpSocket.Response response =
                        client.send("GET /v1/documents/" + name, headers(who)).response();
                String readable = who.reading(name);
                same(
                        who,
                        "document " + name,
                        overHttp(
                                who, readable.equals("[]") ? "not-found" : readable.startsWith("[") ? "200" : readable),
                        response.status() == 200 ? "200" : code(response));
            }
        }
    }

    private static String names(String body) {
        return body.lines()
                .map(line -> member(line, "collection") + "/" + member(line, "key"))
                .sorted()
                .collect(Collectors.joining(" ", "[", "]"));
    }

    /** A refusal says by its status and by its code the same. */
    private static String code(HttpSocket.Response response) {
        String code = member(response.body(), "code");
        int expected = Map.of("unauthenticated", 401, "forbidden", 403, "not-found", 404)
                .getOrDefault(code, 0);
        return response.status() == expected ? code : response.status() + " " + code;
    }

    private void byStreams(Who who) throws IOException {
        for (String asked : ASKED) {
            for (String type : List.of("application/x-ndjson", "text/event-stream")) {
                try (var client = new HttpSocket(SERVER.tidegate())) {
                    client.send("GET /v1/follow?" + query(asked), headers(who, "Accept: " + type));
                    same(who, "follow " + asked + " " + type, overHttp(who, who.reading(asked)), stream(client));
                }
            }
            try (var client = new HttpSocket(SERVER.tidegate())) {
                client.send("GET /v1/updates?" + query(asked), headers(who));
                String readable = who.reading(asked).startsWith("[") ? "[]" : who.reading(asked);
                same(who, "updates " + asked, overHttp(who, readable), stream(client));
            }
        }
    }

    private static String stream(HttpSocket client) throws IOException {
        HttpSocket.Response head = client.head();
        if (head.status() == 200) {
            return documents(client::readLine);
        }
        String body = client.bytes(Integer.parseInt(head.header("content-length")));
        return code(new HttpSocket.Response(head.status(), head.headers(), body));
    }

    private void byWrites(Who who) throws IOException {
        try (var client = new HttpSocket(SERVER.tidegate())) {
            for (String name : WRITTEN) {
                if (DOCUMENTS.contains(name)) {
                    String[] json = headers(who, "Content-Type: application/json", "Content-Length: 1\r\n\r\n1");
                    same(who, "PUT " + name, overHttp(who, who.writing(name)), written(client, "PUT", name, json));
                }
                String gone = name + "-none";
                same(
                        who,
                        "DELETE " + gone,
                        overHttp(who, who.writing(gone)),
                        written(client, "DELETE", gone, headers(who)));
            }
        }
        for (String name : WRITTEN) {
            // A refusal of many may end the connection, since more of them may come.
            try (var client = new HttpSocket(SERVER.tidegate())) {
                String[] parts = (name + "-none").split("/", -1);
                String line = "{\"event\":\"delete\",\"collection\":\"" + parts[0] + "\",\"key\":\"" + parts[1] + "\"}";
                String[] lines = headers(
                        who,
                        "Content-Type: application/x-ndjson",
                        "Content-Length: " + line.length() + "\r\n\r\n" + line);
                client.sendRaw("POST /v1/updates HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", lines));
                HttpSocket.Response response = client.response();
                same(
                        who,
                        "POST " + name,
                        overHttp(who, who.writing(name + "-none")),
                        response.status() == 200 ? "accepted" : code(response));
            }
        }
    }

    private static String written(HttpSocket client, String method, String name, String[] headers) throws IOException {
        String end = headers.length > 0 && headers[headers.length - 1].startsWith("Content-Length") ? "" : "\r\n\r\n";
        client.sendRaw(method + " /v1/documents/" + name + " HTTP/1.1\r\nHost: localhost\r\n"
                + String.join("\r\n", headers) + end);
        HttpSocket.Response response = client.response();
        return response.status() == 204 || response.status() == 201 ? "accepted" : code(response);
    }

    /** Rights that are written the same are the same. */
    @Test
    void theModelSpeaksOfTheRightsThatTheServerHas() {
        assertThat(TestIdentities.rights("*", "*", true)).isEqualTo(Rights.ALL);
        assertThat(TestIdentities.rights("", "", false)).isEqualTo(Rights.NONE);
    }
}
