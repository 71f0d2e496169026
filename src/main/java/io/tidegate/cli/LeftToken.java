package io.tidegate.cli;

import io.tidegate.client.Credentials;
import io.tidegate.document.Reason;
import io.tidegate.server.Tidegate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a server has left in the directory of its store for who may read it: where its operators ask, by which token, and as which process it
 * runs.
 */
record LeftToken(long pid, String url, String token) {

    private static final Pattern JAVA = Pattern.compile(".*[/\\\\](java|tidegate)(\\.exe)?");

    static LeftToken in(Path store) throws CommandEnd {
        LeftToken left = ifThere(store);
        if (left == null) {
            throw CommandEnd.failed("no server runs on the store " + store + ", or it is still starting");
        }
        return left;
    }

    /** Whether there may be one that this user can read. */
    static boolean isReadable(Path store) {
        return Files.isReadable(store.resolve(Tidegate.LEFT_TOKEN));
    }

    /** Null if there is none. */
    static @Nullable LeftToken ifThere(Path store) throws CommandEnd {
        Path file = store.resolve(Tidegate.LEFT_TOKEN);
        try {
            if (JsonTree.read(Files.readAllBytes(file)) instanceof Map<?, ?> fields
                    && fields.get("pid") instanceof Number pid
                    && fields.get("url") instanceof String url
                    && fields.get("token") instanceof String token) {
                return new LeftToken(pid.longValue(), url, token);
            }
            throw CommandEnd.failed(file + " is not what a server leaves: is a server of another version running?");
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw CommandEnd.failed("cannot read " + file + ": " + Reason.of(e));
        }
    }

    /** Empty if it has ended, or is not seen from here: a container has processes of its own. */
    Optional<ProcessHandle> process() {
        return pid == ProcessHandle.current().pid()
                ? Optional.empty()
                : ProcessHandle.of(pid).filter(process -> process.info()
                        .command()
                        .filter(command -> JAVA.matcher(command).matches())
                        .isPresent());
    }

    /** Whether it is to be asked over TLS. */
    boolean isEncrypted() {
        return url.startsWith("https:");
    }

    AdminLink link(@Nullable SSLContext tls) throws CommandEnd {
        return AdminLink.to(url, new Credentials(tls, token), process().orElse(null));
    }
}
