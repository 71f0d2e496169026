package io.tidegate.server;

import io.tidegate.access.Access;
import io.tidegate.access.Authenticator;
import io.tidegate.access.FailureReason;
import io.tidegate.access.Identity;
import io.tidegate.access.Rights;
import io.tidegate.access.Token;
import io.tidegate.document.Addresses;
import io.tidegate.document.OwnFiles;
import io.tidegate.document.Reason;
import io.tidegate.document.Selection;
import io.tidegate.document.Utf8Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever may read the store's directory may operate its server: a token for one run is left there, beside the address of the admin
 * listener.
 *
 * <p>It knows everybody else as well, by another authenticator.
 */
final class LocalOperator implements Authenticator {

    private static final Logger log = LoggerFactory.getLogger(LocalOperator.class);

    /** In the store's directory. */
    static final String FILE = "tidegate-admin.json";

    /** The token, which is in memory and in that file only, is nothing that could be taken back. */
    private enum Proof implements Identity.Proof {
        OF_THIS_RUN
    }

    private static final Identity OPERATOR =
            new Identity("local", new Rights(Selection.NONE, Selection.NONE, true), null, Proof.OF_THIS_RUN);

    private final Authenticator others;
    private final boolean isOpen;
    private final String token = Token.random();

    private LocalOperator(Authenticator others, boolean isOpen) {
        this.others = others;
        this.isOpen = isOpen;
    }

    /**
     * Who may operate a server whose admin listener is bound there.
     *
     * @param others who is known beside the operator here; where that is nobody, whoever reaches the listener may, if only this
     *     machine does
     */
    static LocalOperator beside(Authenticator others, InetSocketAddress bound) {
        return new LocalOperator(others, others.isOpen() && bound.getAddress().isLoopbackAddress());
    }

    Access access(Access of) {
        return of.by(this);
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public Identity anonymous() {
        return others.isOpen() && !isOpen ? Identity.unproven(Rights.NONE) : others.anonymous();
    }

    @Override
    public CompletionStage<Optional<Identity>> token(String shown, Consumer<FailureReason> refused) {
        boolean isOurs =
                MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
        return isOurs ? CompletableFuture.completedStage(Optional.of(OPERATOR)) : others.token(shown, refused);
    }

    @Override
    public Optional<Identity> certificate(List<X509Certificate> chain, Consumer<FailureReason> refused) {
        return others.certificate(chain, refused);
    }

    @Override
    public Optional<Identity> now(Identity identity) {
        return identity.proof() == Proof.OF_THIS_RUN ? Optional.of(identity) : others.now(identity);
    }

    @Override
    public long version() {
        return others.version();
    }

    /**
     * Leaves the token in a directory, where the command line looks for it. That it cannot be left is no reason not to start.
     *
     * @return takes it away again
     */
    Runnable leaveIn(Path directory, boolean isEncrypted, InetSocketAddress bound) {
        Path file = directory.resolve(FILE);
        try {
            leave(directory, file, content(isEncrypted, bound));
        } catch (IOException e) {
            log.warn(
                    "The command line cannot find this server by its store, {} cannot be written: {}",
                    file,
                    Reason.of(e));
        }
        return () -> takeAway(file);
    }

    private static void leave(Path directory, Path file, byte[] content) throws IOException {
        Path next = Files.createTempFile(directory, FILE, ".new", OwnFiles.attributes(directory));
        try {
            Files.write(next, content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            // Where there was no room for it; otherwise it has its place.
            Files.deleteIfExists(next);
        }
    }

    private byte[] content(boolean isEncrypted, InetSocketAddress bound) {
        String host = bound.getAddress().isAnyLocalAddress()
                ? InetAddress.getLoopbackAddress().getHostAddress()
                : bound.getAddress().getHostAddress();
        var json = new Utf8Buffer(256);
        json.put(ascii("{\"pid\":")).putDecimal(ProcessHandle.current().pid()).put(ascii(",\"url\":"));
        json.putJsonString((isEncrypted ? "https://" : "http://") + Addresses.shown(host, bound.getPort()));
        json.put(ascii(",\"token\":")).putJsonString(token).put(ascii("}\n"));
        return json.toArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Only if it is still this run's: the next server may have left its own. */
    private void takeAway(Path file) {
        try {
            if (Files.readString(file).contains(token)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // It is gone, or of no use without this server.
        }
    }
}
