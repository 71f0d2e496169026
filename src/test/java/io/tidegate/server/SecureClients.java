package io.tidegate.server;

import io.tidegate.access.AccessFileException;
import io.tidegate.access.Grant;
import io.tidegate.access.Token;
import io.tidegate.access.TokensFile;
import io.tidegate.tls.CertificateFiles;
import io.tidegate.tls.TestCertificates;
import io.tidegate.tls.TestCertificates.Issued;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Files for a server that speaks TLS and wants tokens, and sockets of its clients. */
public final class SecureClients {

    static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

    public static final String TLS_12 = "TLSv1.2";
    public static final String TLS_13 = "TLSv1.3";

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final Issued OWN = AUTHORITY.server("localhost").issue();
    private static final SSLContext TRUSTING = context(null);

    private final Path directory;
    private final TokensFile tokens;
    private final Map<String, String> tokenByName = new TreeMap<>();

    /** @param directory for the files */
    public SecureClients(Path directory) {
        this.directory = directory;
        tokens = new TokensFile(directory.resolve("tokens"));
    }

    /** Settings of a server with a certificate, and with a token for {@code desk}, who may read and write everything. */
    String settings() throws IOException, AccessFileException {
        Map<String, String> told = settingsByKey();
        return "tidegate.tls.certificates = " + told.get("tls.certificates") + "\n" + "tidegate.access.tokens-file = \""
                + told.get("access.tokens-file") + "\"\n";
    }

    /** The same, for a command line. */
    public Map<String, String> settingsByKey() throws IOException, AccessFileException {
        CertificateFiles.Pem files = OWN.write(directory, "own");
        allow("desk", List.of("*"), List.of("*"));
        return Map.of(
                "tls.certificates",
                "[{ chain = \"" + files.chain() + "\", key = \"" + files.key() + "\" }]",
                "access.tokens-file",
                directory.resolve("tokens").toString());
    }

    /** The server's certificate is another one from the next reload on. */
    Issued renewCertificate() throws IOException {
        Issued next = AUTHORITY.server("localhost").issue();
        next.write(directory, "own");
        return next;
    }

    /** Who has the token of that name may do this, once the file was read. */
    void allow(String name, List<String> read, List<String> write) throws AccessFileException {
        allow(name, read, write, null);
    }

    /** The same, up to some time; null for no end. */
    void allow(String name, List<String> read, List<String> write, @Nullable Instant ends) throws AccessFileException {
        String token = tokenByName.computeIfAbsent(name, unused -> Token.random());
        tokens.add(Token.of(name, token, new Grant(read, write, false), ends, Instant.now()), true);
    }

    void revoke(String name) throws AccessFileException {
        tokens.revoke(name);
    }

    /** The line that shows it. */
    public String auth(String name) {
        return "auth " + tokenByName.get(name);
    }

    /** The header that does. */
    String bearer(String name) {
        return "Authorization: Bearer " + tokenByName.get(name);
    }

    // ---- sockets

    /** What a client trusts, and what it shows of itself. */
    static SSLContext context(@Nullable Issued shown) {
        return AUTHORITY.context(shown);
    }

    /** A socket of TLS, and the one below it. */
    public record Connected(SSLSocket socket, WatchedSocket below) {

        /** How the server ended it, for who has read to the end. */
        public String end() throws IOException {
            if (below.isReset()) {
                return "reset";
            }
            String told = below.hasEnded() ? "" : "close_notify, ";
            try {
                long rest = below.getInputStream().skip(Long.MAX_VALUE);
                while (rest > 0) {
                    rest = below.getInputStream().skip(Long.MAX_VALUE);
                }
            } catch (SocketException e) {
                return told + "reset";
            }
            return told + (below.isCutWithinRecord() ? "FIN within a record" : "FIN");
        }
    }

    /** The end as it should be. */
    public static final String CLEAN = "close_notify, FIN";

    static Connected connect(InetSocketAddress server, String version) throws IOException {
        return connect(server, version, TRUSTING, 0);
    }

    /**
     * Connects by that version.
     *
     * @param receiveBufferBytes 0 for the system's default; small for a client that soon stops the server's writes
     */
    public static Connected connect(InetSocketAddress server, String version, int receiveBufferBytes)
            throws IOException {
        return connect(server, version, TRUSTING, receiveBufferBytes);
    }

    /** One that has shaken hands. */
    static Connected connect(InetSocketAddress server, String version, SSLContext context, int receiveBufferBytes)
            throws IOException {
        var below = new WatchedSocket(server, receiveBufferBytes, TIMEOUT_MILLIS);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(below, "localhost", server.getPort(), true);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return new Connected(socket, below);
    }
}
