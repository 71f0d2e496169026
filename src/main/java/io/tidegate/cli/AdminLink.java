package io.tidegate.cli;

import io.tidegate.client.Credentials;
import io.tidegate.document.Reason;
import io.tidegate.ledger.Verb;
import io.tidegate.server.StartException;
import io.tidegate.server.StoreCopies;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server as its admin listener answers for it. */
final class AdminLink implements ServerControl {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** For a piece of a copy, before which a store may write out what it has in memory. */
    private static final Duration BACKUP_PATIENCE = Duration.ofMinutes(2);

    /** For what reads or writes all of a store. */
    private static final Duration LONG_PATIENCE = Duration.ofDays(1);

    private static final Pattern HOST_AND_PORT = Pattern.compile("(?!https?:)([^/:\\[\\]]+|\\[[^/\\[\\]]+]):\\d+");
    private static final int MAX_PORT = 65_535;
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;

    private final URI address;
    private final String token;
    private final HttpClient client;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    /** Of a server on this machine; null for one that is known by its address only. */
    private final @Nullable ProcessHandle process;

    private AdminLink(URI address, Credentials credentials, @Nullable ProcessHandle process) {
        this.address = address;
        this.process = process;
        token = credentials.token();
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
        client = (credentials.tls() == null ? builder : builder.sslContext(credentials.tls())).build();
    }

    /**
     * A server by its address.
     *
     * @param text such as {@code http://127.0.0.1:8990}, or {@code 127.0.0.1:8990}, as people write it
     * @param credentials how it is known, and who asks
     */
    static AdminLink to(String text, Credentials credentials) throws CommandEnd {
        return to(text, credentials, null);
    }

    /**
     * The same of one on this machine.
     *
     * @param process whose end is that of the server; null if it is not known
     */
    static AdminLink to(String text, Credentials credentials, @Nullable ProcessHandle process) throws CommandEnd {
        try {
            String scheme = credentials.tls() == null ? "http://" : "https://";
            var address = new URI(HOST_AND_PORT.matcher(text).matches() ? scheme + text : text);
            boolean isHttp = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (isHttp && address.getHost() != null && address.getPort() <= MAX_PORT && address.getPort() != 0) {
                return new AdminLink(address, credentials, process);
            }
        } catch (URISyntaxException e) {
            // Told below, like one that has no host.
        }
        throw CommandEnd.failed("--admin takes an address such as http://127.0.0.1:8990, not " + text);
    }

    @Override
    public String name() {
        return process == null ? address.toString() : Long.toString(process.pid());
    }

    /** Has it copy its store as it is at one moment, into a directory that is empty or not there yet. */
    StoreCopies.Backup backUp(Path to) throws CommandEnd {
        try {
            return StoreCopies.take(address, token, client, BACKUP_PATIENCE, to);
        } catch (StartException e) {
            throw CommandEnd.failed(String.valueOf(e.getMessage()));
        }
    }

    /** Its collections, each with its fields by name. */
    List<Map<String, Object>> collections() throws CommandEnd {
        return rows(read(send("GET", "/v1/collections", LONG_PATIENCE)));
    }

    /** Has it write its tables anew, and waits for it. */
    Map<String, Object> compact() throws CommandEnd {
        return fields(read(send("POST", "/v1/compaction", LONG_PATIENCE)));
    }

    @Override
    public List<Map<String, Object>> open() throws CommandEnd {
        return rows(get("/v1/connections"));
    }

    @Override
    public List<Map<String, Object>> ended(int most) throws CommandEnd {
        return rows(get("/v1/connections/ended?most=" + most));
    }

    private List<Map<String, Object>> rows(Object json) throws CommandEnd {
        List<Map<String, Object>> rows = new ArrayList<>();
        if (!(json instanceof List<?> values)) {
            throw strange("no list");
        }
        for (Object value : values) {
            rows.add(fields(value));
        }
        return rows;
    }

    @Override
    public int end(Verb how, String which) throws CommandEnd {
        int name = which.indexOf('=') + 1;
        String selected =
                name == 0 ? "/" + which + "?" : "?" + which.substring(0, name) + encoded(which.substring(name)) + "&";
        HttpResponse<byte[]> answer = send("DELETE", "/v1/connections" + selected + "how=" + how);
        if (answer.statusCode() != NOT_FOUND) {
            return number(fields(read(answer)), "connections");
        }
        // There is no such connection, or no such resource, where no admin listener is: this one always is.
        var unused = fields(get("/v1/drain"));
        return 0;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public List<Map<String, Object>> nodes() throws CommandEnd {
        return rows(get("/v1/nodes"));
    }

    @Override
    public List<Map<String, Object>> reload() throws CommandEnd {
        return rows(read(send("POST", "/v1/reload")));
    }

    @Override
    public Map<String, Object> forecast() throws CommandEnd {
        return fields(get("/v1/drain/forecast"));
    }

    @Override
    public void shutdown() throws CommandEnd {
        fields(read(send("POST", "/v1/drain")));
    }

    @Override
    public void cancelShutdown() throws CommandEnd {
        fields(read(send("DELETE", "/v1/drain")));
    }

    @Override
    public Optional<Drain> drain() {
        try {
            HttpResponse<byte[]> answer = exchange("GET", "/v1/drain", PATIENCE);
            Map<String, Object> status = fields(read(answer));
            return Optional.of(new Drain(number(status, "number"), String.valueOf(status.get("line"))));
        } catch (ConnectException e) {
            // It unbinds at its very end, and where its process is known, that ends a moment later.
            if (process == null || hasLeft(process)) {
                gone.complete(null);
            }
            return Optional.empty();
        } catch (IOException | CommandEnd e) {
            return Optional.empty();
        }
    }

    @Override
    public CompletableFuture<Map<String, Object>> report() {
        var report = new CompletableFuture<Map<String, Object>>();
        var unused = client.sendAsync(
                        request("GET", "/v1/drain/report").build(), HttpResponse.BodyHandlers.ofByteArray())
                .whenComplete((answer, failure) -> figures(answer).ifPresent(report::complete));
        return report;
    }

    /** Empty if there was no answer, or it has none. */
    private Optional<Map<String, Object>> figures(@Nullable HttpResponse<byte[]> answer) {
        try {
            return answer == null ? Optional.empty() : Optional.of(fields(read(answer)));
        } catch (CommandEnd e) {
            return Optional.empty();
        }
    }

    /** A process that has ended stays in the table until its parent asks for its exit code, but runs no command any more. */
    static boolean hasLeft(ProcessHandle process) {
        return process.info().command().isEmpty();
    }

    @Override
    public CompletableFuture<?> gone() {
        if (process != null) {
            var unused = process.onExit().whenComplete((ended, failure) -> gone.complete(null));
        }
        return gone;
    }

    private Object get(String path) throws CommandEnd {
        return read(send("GET", path));
    }

    private HttpResponse<byte[]> send(String method, String path) throws CommandEnd {
        return send(method, path, PATIENCE);
    }

    private HttpResponse<byte[]> send(String method, String path, Duration patience) throws CommandEnd {
        try {
            return exchange(method, path, patience);
        } catch (ProtocolException e) {
            // Its message has whatever came in place of an answer, such as a line of the line protocol.
            throw strange("no HTTP");
        } catch (IOException e) {
            String reason = Reason.isRefusedConnection(e) ? "no connection" : Reason.of(e);
            throw CommandEnd.failed("cannot reach " + this + ": " + reason);
        }
    }

    private HttpResponse<byte[]> exchange(String method, String path, Duration patience) throws IOException {
        try {
            return client.send(
                    request(method, path).timeout(patience).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HttpRequest.Builder request(String method, String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address.resolve(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return method.equals("POST") ? request.header("Content-Type", "application/json") : request;
    }

    private Object read(HttpResponse<byte[]> answer) throws CommandEnd {
        Object json;
        try {
            json = JsonTree.read(answer.body());
        } catch (IOException e) {
            throw strange("status " + answer.statusCode() + ", no JSON");
        }
        if (answer.statusCode() == OK || answer.statusCode() == ACCEPTED) {
            return json;
        }
        Object detail = fields(json).get("detail");
        // An admin listener has all that is asked for here; a data listener does not.
        if (detail == null || answer.statusCode() == NOT_FOUND) {
            throw strange("status " + answer.statusCode());
        }
        throw CommandEnd.failed(String.valueOf(detail));
    }

    @SuppressWarnings("unchecked") // the keys of an object are its names
    private Map<String, Object> fields(Object json) throws CommandEnd {
        if (json instanceof Map<?, ?>) {
            return (Map<String, Object>) json;
        }
        throw strange("no object");
    }

    private int number(Map<String, Object> fields, String name) throws CommandEnd {
        if (fields.get(name) instanceof Number number) {
            return number.intValue();
        }
        throw strange("no " + name);
    }

    private CommandEnd strange(String answer) {
        return CommandEnd.failed(
                this + " does not answer as an admin listener of tidegate (" + answer + "): is the port right?");
    }

    @Override
    public String toString() {
        return process == null ? "the server at " + address : "process " + process.pid();
    }

    @Override
    public void close() {
        // The client's threads are daemons.
    }
}
