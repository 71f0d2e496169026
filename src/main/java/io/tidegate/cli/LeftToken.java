package io.tidegate.cli;

import io.tidegate.client.Credentials;
import io.tidegate.document.Reason;
import io.tidegate.server.Tidegate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What a server has left in the directory of its store for who may read it: where its operators ask, and by which token. */
record LeftToken(String url, String token) {

    static LeftToken in(Path store) throws CommandEnd {
        Path file = store.resolve(Tidegate.LEFT_TOKEN);
        try {
            if (JsonTree.read(Files.readAllBytes(file)) instanceof Map<?, ?> fields
                    && fields.get("url") instanceof String url
                    && fields.get("token") instanceof String token) {
                return new LeftToken(url, token);
            }
            throw CommandEnd.failed(file + " is not what a server leaves: is a server of another version running?");
        } catch (NoSuchFileException e) {
            throw CommandEnd.failed("no server runs on the store " + store + ", or it is still starting");
        } catch (IOException e) {
            throw CommandEnd.failed("cannot read " + file + ": " + Reason.of(e));
        }
    }

    ServerControl link(@Nullable SSLContext tls) throws CommandEnd {
        return AdminLink.to(url, new Credentials(tls, token));
    }
}
