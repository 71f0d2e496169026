package io.tidegate.http;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.event.NoLogging;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.Attributes;
import akka.stream.TLSProtocol;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.TLSPlacebo;
import akka.util.ByteString;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Akka HTTP's parser and renderer, without its sockets: bytes in, requests out, responses in, bytes out.
 *
 * <p>Its server would reset streaming responses at its end, and knows neither our guard nor our drain. Here are all of its
 * settings that matter. It logs nothing: what a client gets wrong is an answer, and what the server gets wrong the
 * {@link Exchange} logs.
 */
public final class HttpLayer {

    /** Header lines of one request; each has a name to look up. */
    static final int MAX_HEADERS = 64;

    /** The parser holds a chunk of a body until it is whole; the longest is this, or a whole body if that is longer. */
    private static final long MAX_CHUNK_BYTES = 1 << 20;

    /** Some requests that the parser lets through make a stage of Akka HTTP fail: no event in the server. */
    private static final Attributes SILENT =
            Attributes.createLogLevels(Attributes.logLevelOff(), Attributes.logLevelOff(), Attributes.logLevelOff());

    private static final Attributes LOUD =
            Attributes.createLogLevels(Attributes.logLevelOff(), Attributes.logLevelOff(), Attributes.logLevelError());

    private final BidiFlow<ByteString, HttpRequest, HttpResponse, ByteString, NotUsed> layer;

    private HttpLayer(BidiFlow<ByteString, HttpRequest, HttpResponse, ByteString, NotUsed> layer) {
        this.layer = layer;
    }

    /** The layer for all connections with these limits; each runs its own copy. */
    public static HttpLayer create(ActorSystem<?> system, HttpSettings limits) {
        var bytes = Http.get(system)
                .serverLayer(settings(system, limits), Optional.empty(), NoLogging.getInstance())
                .atop(plainBytes());
        return new HttpLayer(bytes.reversed().addAttributes(SILENT));
    }

    /** The layer is made to stand on TLS; what Akka puts in its place gives more than it asks for. */
    @SuppressWarnings({"unchecked", "rawtypes"
    }) // A BidiFlow gives its output types, and SessionBytes is an SslTlsInbound.
    private static BidiFlow<TLSProtocol.SslTlsOutbound, ByteString, ByteString, TLSProtocol.SslTlsInbound, NotUsed>
            plainBytes() {
        return (BidiFlow) TLSPlacebo.getInstance();
    }

    /** The layer around one connection's exchange. */
    Flow<ByteString, ByteString, NotUsed> join(Flow<HttpRequest, HttpResponse, NotUsed> exchange) {
        return layer.join(exchange.addAttributes(LOUD));
    }

    private static ServerSettings settings(ActorSystem<?> system, HttpSettings limits) {
        Map<String, Object> settings = new HashMap<>();
        // The exchange and the switch have the timers.
        settings.put("idle-timeout", "infinite");
        settings.put("request-timeout", "infinite");
        // Requests that are pipelined wait in the parser, and then in the socket.
        settings.put("pipelining-limit", 1);
        settings.put("server-header", "");
        // HTTP/1.0 knows requests without a host; later ones are refused without it all the same.
        settings.put("default-host-header", "localhost");
        settings.put("raw-request-uri-header", true);
        settings.put("transparent-head-requests", false);
        settings.put("verbose-error-messages", false);
        settings.put("parsing.max-uri-length", limits.maxHeadBytes());
        settings.put("parsing.max-header-value-length", limits.maxHeadBytes());
        // It counts the end of the head, too.
        settings.put("parsing.max-header-count", MAX_HEADERS + 1);
        // The longest that is registered has 17 letters: it is told that it is not known, not that it is too long.
        settings.put("parsing.max-method-length", 32);
        settings.put("parsing.max-content-length", limits.maxBodyBytes());
        settings.put("parsing.max-chunk-size", Math.max(MAX_CHUNK_BYTES, limits.maxBodyBytes()));
        settings.put("parsing.max-to-strict-bytes", limits.maxBodyBytes());
        settings.put("parsing.illegal-header-warnings", false);
        settings.put("parsing.error-handler", ParsingErrors.class.getName());
        Config config = system.settings().config();
        for (Map.Entry<String, Object> setting : settings.entrySet()) {
            config = config.withValue(
                    "akka.http.server." + setting.getKey(), ConfigValueFactory.fromAnyRef(setting.getValue()));
        }
        ServerSettings read = ServerSettings.create(config);
        return read.withParserSettings(read.getParserSettings().withCustomMediaTypes(Media.JSON_IN_ANY_CHARSET));
    }
}
