package io.tidegate.server;

import io.tidegate.checkpoint.Checkpoint;
import io.tidegate.checkpoint.Fetch;
import io.tidegate.document.Reason;
import io.tidegate.feed.FeedLogException;
import io.tidegate.rocksdb.StoreTransfer;
import io.tidegate.tls.ClientContext;
import io.tidegate.tls.UnusableCertificateException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stores of the other nodes, as far as they give them to this one. Blocks. */
final class PeerStores {

    private static final Logger LOG = LoggerFactory.getLogger(PeerStores.class);

    private static final double MEBIBYTE = 1 << 20;

    private final PeerSettings settings;

    PeerStores(PeerSettings settings) {
        this.settings = settings;
    }

    /** One of them, by its admin listener. */
    record Peer(String address, String token, HttpClient client, PeerSettings settings) {

        /**
         * Puts a copy of its store in a place that has none.
         *
         * @return why it does not give one; null if it did
         */
        @Nullable
        String fetch(StoreTransfer transfer) throws FeedLogException {
            try {
                long begun = System.nanoTime();
                var fetch = new Fetch(URI.create(address), token, client, settings.timeout());
                Checkpoint copy = transfer.receive(incoming -> {
                    Checkpoint fetched = fetch.into(incoming);
                    transfer.mark(fetched.position());
                    return fetched;
                });
                LOG.info(
                        "The store is a copy of that of {}: {} MiB in {} s",
                        address,
                        String.format(Locale.ROOT, "%.1f", copy.bytes() / MEBIBYTE),
                        String.format(Locale.ROOT, "%.1f", (System.nanoTime() - begun) / 1e9));
                return null;
            } catch (IOException | IllegalArgumentException e) {
                // Also where it is no address that anybody can ask, as somebody may tell of itself.
                return Reason.of(e);
            }
        }

        /** Without the token: it may come into a log. */
        @Override
        public String toString() {
            return address;
        }
    }

    /**
     * Those of the settings, and then those that were announced.
     *
     * @param announced what anybody may have written who can write to the log: it is shown the token only where it has to prove itself by a
     *     certificate that the settings confirm
     */
    List<Peer> all(List<String> announced) throws StartException {
        HttpClient client = client();
        String token = token();
        List<Peer> all = new ArrayList<>();
        for (String address : settings.addresses()) {
            all.add(new Peer(address, token, client, settings));
        }
        for (String address : announced) {
            if (!settings.addresses().contains(address)) {
                boolean isKnown = settings.authorities().isPresent() && address.startsWith("https://");
                all.add(new Peer(address, isKnown ? token : "", client, settings));
            }
        }
        return all;
    }

    private String token() throws StartException {
        if (settings.tokenFile().isEmpty()) {
            return "";
        }
        Path file = settings.tokenFile().get();
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StartException("tidegate.shared.peers.token-file: cannot read " + file + ": " + Reason.of(e), e);
        }
    }

    private HttpClient client() throws StartException {
        try {
            return ClientContext.http(settings.authorities(), settings.timeout());
        } catch (UnusableCertificateException e) {
            throw new StartException("tidegate.shared.peers.ca: " + Reason.of(e), e);
        }
    }
}
