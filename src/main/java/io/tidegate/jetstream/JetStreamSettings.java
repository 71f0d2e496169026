package io.tidegate.jetstream;

import static io.tidegate.settings.Section.kib;
import static io.tidegate.settings.Section.mib;

import io.tidegate.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the shared log is, and what it has to promise.
 *
 * @param servers of NATS, as nats://host:port or tls://host:port, of which any is connected to; empty if there is none
 * @param stream that is the log, and its subject; made if it is missing
 * @param replicas on how many servers each entry is, at least
 * @param maxMessageBytes of an entry
 * @param requestTimeout how long a connection, and an answer, is waited for
 * @param deliveryTimeout after which an entry that is not confirmed may be lost
 * @param checkInterval how often it is looked whether the stream is still the same, and whether NATS answers
 * @param credentialsFile a JWT and the key for it, as NATS writes them
 * @param clientFile settings of the client that not everybody may see
 * @param client settings of the client
 */
public record JetStreamSettings(
        List<String> servers,
        String stream,
        int replicas,
        int maxMessageBytes,
        Duration requestTimeout,
        Duration deliveryTimeout,
        Duration checkInterval,
        Optional<Path> credentialsFile,
        Optional<Path> clientFile,
        Map<String, String> client) {

    /** Not with a user in it, who would be shown. */
    private static final Pattern SERVER =
            Pattern.compile("(nats|tls)://([\\p{Alnum}._-]+|\\[[\\p{XDigit}:.]+]):(\\d{1,5})");

    private static final Pattern STREAM = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private static final int MOST_REPLICAS = 5;

    /** Reads {@code tidegate.jetstream}. */
    public static JetStreamSettings from(Section jetStream) {
        Duration requestTimeout = jetStream.duration("request-timeout", Duration.ofSeconds(1), Duration.ofMinutes(1));
        Duration deliveryTimeout =
                jetStream.duration("delivery-timeout", Duration.ofSeconds(1), Duration.ofMinutes(10));
        if (deliveryTimeout.compareTo(requestTimeout) < 0) {
            jetStream.misfit(jetStream.shown("delivery-timeout") + ": allowed is no less than " + jetStream.name()
                    + ".request-timeout");
        }
        return new JetStreamSettings(
                jetStream.list(
                        "servers",
                        "a list of nats://host:port or tls://host:port, such as [\"nats://nats-1.example:4222\"]",
                        JetStreamSettings::isServer),
                jetStream.text(
                        "stream", "the name of a stream: 1 to 64 of a-z, A-Z, 0-9, _ -", name -> STREAM.matcher(name)
                                .matches()),
                jetStream.number("replicas", 1, MOST_REPLICAS),
                jetStream.bytes("max-message-bytes", kib(64), mib(64)),
                requestTimeout,
                deliveryTimeout,
                jetStream.duration("check-interval", Duration.ofSeconds(1), Duration.ofHours(1)),
                jetStream.fileIfNamed("credentials-file"),
                jetStream.fileIfNamed("client-file"),
                jetStream.foreign("client", new ClientSettings()));
    }

    private static boolean isServer(String text) {
        var server = SERVER.matcher(text);
        if (!server.matches()) {
            return false;
        }
        int port = Integer.parseInt(server.group(3));
        return port >= 1 && port <= 65_535;
    }

    /** What is in a record is written by its name for it, and passwords are in this one. */
    @Override
    public String toString() {
        return "stream " + stream + " of " + servers;
    }
}
