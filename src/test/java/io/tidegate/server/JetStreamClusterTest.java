package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.jetstream.NatsServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers whose order is that of a stream of NATS JetStream. */
class JetStreamClusterTest extends ClusterFixture {

    private final NatsServer nats = NatsServer.shared();

    private final String stream = NatsServer.newStream();

    @Override
    List<String> order() {
        return List.of(
                "tidegate.feed.order = jetstream",
                "tidegate.jetstream.servers = [\"" + nats.address() + "\"]",
                "tidegate.jetstream.replicas = 1",
                "tidegate.jetstream.stream = " + stream);
    }

    @Test
    void aFeedIsSharedByServersOnly() {
        assertThatThrownBy(() -> TestServer.start(directory, "tidegate.feed.order = jetstream"))
                .isInstanceOf(StartException.class)
                .hasMessage("tidegate.jetstream.servers = []: needed are servers, as tidegate.feed.order is jetstream");
    }

    @Test
    void aDocumentThatNoMessageHasRoomForStopsTheStart() {
        assertThatThrownBy(() -> start("one", "tidegate.feed.max-document-bytes = 8 MiB"))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("tidegate.feed.max-document-bytes = 8388608: allowed is ")
                .hasMessageEndingWith("that is limited by tidegate.jetstream.max-message-bytes");
    }
}
