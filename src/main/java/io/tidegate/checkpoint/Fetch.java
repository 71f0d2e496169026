package io.tidegate.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.document.OwnFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/** Has a server take a checkpoint, and fetches it from its admin listener. Blocks. */
public final class Fetch {

    private static final int OK = 200;
    private static final int CREATED = 201;

    /** Of the files of a store: nothing of them leads out of the directory. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");

    private final URI server;
    private final String token;
    private final Duration patience;
    private final HttpClient client;

    /**
     * From that server.
     *
     * @param server its admin listener, such as {@code http://10.0.0.5:8990}
     * @param token of somebody with the right admin; empty for nobody's
     * @param client how it is reached
     * @param patience for each answer
     */
    public Fetch(URI server, String token, HttpClient client, Duration patience) {
        this.server = server;
        this.token = token;
        this.client = client;
        this.patience = patience;
    }

    /**
     * Fetches all of it.
     *
     * @param into a directory that is empty
     * @return what came
     * @throws IOException with the reason, in words for an operator
     */
    public Checkpoint into(Path into) throws IOException {
        Checkpoint checkpoint = parse(exchange("POST", "/v1/checkpoints", CREATED));
        try {
            for (Checkpoint.Part part : checkpoint.files()) {
                fetch(checkpoint.id(), part, into);
            }
            return checkpoint;
        } finally {
            drop(checkpoint.id());
        }
    }

    private void fetch(String id, Checkpoint.Part part, Path into) throws IOException {
        if (!NAME.matcher(part.name()).matches()) {
            throw new IOException("it names a file " + part.name());
        }
        Path there = into.resolve(part.name());
        // The directory may be one that others can read.
        try (FileChannel file = FileChannel.open(
                there, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OwnFiles.attributes(there))) {
            long from = 0;
            while (from < part.bytes()) {
                byte[] piece = exchange("GET", "/v1/checkpoints/" + id + "/" + part.name() + "?from=" + from, OK);
                if (piece.length == 0 || piece.length > part.bytes() - from) {
                    throw new IOException("the file " + part.name() + " is not as long as was told");
                }
                ByteBuffer bytes = ByteBuffer.wrap(piece);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                from += piece.length;
            }
            file.force(true);
        }
    }

    /** The server would do so by itself, later. */
    private void drop(String id) {
        try {
            exchange("DELETE", "/v1/checkpoints/" + id, OK);
        } catch (IOException e) {
            // Then it does.
        }
    }

    private byte[] exchange(String method, String path, int wanted) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(patience)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Content-Type", "application/json");
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != wanted) {
                throw new IOException("it answers with status " + answer.statusCode() + detail(answer.body()));
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** What is wrong, as it says. */
    private static String detail(byte[] problem) {
        try (JsonParser json = new JsonFactory().createParser(problem)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME
                        && json.currentName().equals("detail")) {
                    return ": " + json.nextTextValue();
                }
            }
        } catch (IOException e) {
            // It does not say.
        }
        return "";
    }

    private static Checkpoint parse(byte[] answer) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(answer)) {
            return CheckpointJson.read(json);
        } catch (IOException | RuntimeException e) {
            throw new IOException("its answer is no checkpoint: is that the admin listener of a server?");
        }
    }
}
