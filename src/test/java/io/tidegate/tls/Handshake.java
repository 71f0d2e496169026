package io.tidegate.tls;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * A client and a server that are connected by nothing but memory.
 *
 * @param client its engine, when the handshake is over
 * @param server its engine, when the handshake is over
 */
public record Handshake(SSLEngine client, SSLEngine server) {

    private static final int MOST_STEPS = 100;

    /** The handshake of these two; fails as the first of them does that does. */
    public static Handshake of(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(1 << 17);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 17);
        client.beginHandshake();
        server.beginHandshake();
        for (int step = 0; step < MOST_STEPS; step++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
            if (isOver(client) && isOver(server) && toServer.position() == 0 && toClient.position() == 0) {
                return new Handshake(client, server);
            }
        }
        throw new SSLException("the handshake does not come to its end");
    }

    private static boolean isOver(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer plain = ByteBuffer.allocate(1 << 15);
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), out);
        } else if (in.position() > 0) {
            in.flip();
            engine.unwrap(in, plain);
            in.compact();
        }
    }

    /** The engine of a client that trusts this authority, and asks for that name; for none if it is empty. */
    public static SSLEngine client(TestCertificates authority, String name) {
        return client(authority, name, null);
    }

    /** The same, with a certificate of its own. */
    public static SSLEngine client(TestCertificates authority, String name, TestCertificates.@Nullable Issued own) {
        SSLEngine engine = authority.context(own).createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (!name.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The certificates that the client was shown. */
    public List<X509Certificate> shown() throws SSLPeerUnverifiedException {
        return Arrays.stream(client.getSession().getPeerCertificates())
                .map(X509Certificate.class::cast)
                .toList();
    }
}
