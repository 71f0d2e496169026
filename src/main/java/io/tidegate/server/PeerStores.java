package io.tidegate.server;

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
import java.util.Optional;
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

    /**
     * Puts a copy of the store of one of them in a directory that has none.
     *
     * @param announced admin listeners of further nodes, which are asked behind those of the settings
     * @return why nobody gave one, of each who was asked; empty if somebody did
     */
    Optional<String> fetch(Path store, List<String> announced) throws StartException, FeedLogException {
        List<String> addresses = new ArrayList<>(settings.addresses());
        announced.stream().filter(each -> !addresses.contains(each)).forEach(addresses::add);
        String token = token();
        HttpClient client = client();
        List<String> reasons = new ArrayList<>();
        for (String address : addresses) {
            try {
                fetch(new Fetch(URI.create(address), token, client, settings.timeout()), address, store);
                return Optional.empty();
            } catch (IOException e) {
                reasons.add(address + ": " + Reason.of(e));
            }
        }
        return Optional.of(reasons.isEmpty() ? "no other node is known" : String.join("; ", reasons));
    }

    private static void fetch(Fetch from, String address, Path store) throws IOException, FeedLogException {
        StoreTransfer transfer = StoreTransfer.of(store);
        long begun = System.nanoTime();
        long bytes = from.into(transfer.begin());
        transfer.finish();
        LOG.info(
                "The store {} is a copy of that of {}: {} MiB in {} s",
                store,
                address,
                String.format(Locale.ROOT, "%.1f", bytes / MEBIBYTE),
                String.format(Locale.ROOT, "%.1f", (System.nanoTime() - begun) / 1e9));
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
