package io.tidegate.cli;

import io.tidegate.client.Credentials;
import io.tidegate.document.Reason;
import io.tidegate.tls.CertificateFiles;
import io.tidegate.tls.ClientContext;
import io.tidegate.tls.UnusableCertificateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how a command knows the server, and shows who it is. */
final class ServerSecurity {

    /** For scripts and containers; on a command line a token could be read by everybody on the machine. */
    static final String TOKEN_VARIABLE = "TIDEGATE_TOKEN";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--tls", description = "Connect over TLS; so do the options that name certificates.")
    private boolean tls;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Who confirms the server, in PEM (default: as Java does).")
    private @Nullable Path authorities;

    @Option(
            names = "--client-cert",
            paramLabel = "FILE",
            description = "A certificate to show, in PEM; with --client-key.")
    private @Nullable Path certificate;

    @Option(names = "--client-key", paramLabel = "FILE", description = "Its private key, PKCS#8.")
    private @Nullable Path key;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The file with the token to show (default: what " + TOKEN_VARIABLE + " says).")
    private @Nullable Path tokenFile;

    /** Whether a connection is to be over TLS. */
    boolean isOn() {
        return tls || authorities != null || certificate != null || key != null;
    }

    Credentials credentials(Map<String, String> environment) throws CommandEnd {
        return new Credentials(isOn() ? context() : null, token(environment));
    }

    /** For a connection over TLS. */
    SSLContext context() throws CommandEnd {
        try {
            return ClientContext.of(Optional.ofNullable(authorities), Optional.ofNullable(own()));
        } catch (UnusableCertificateException e) {
            throw CommandEnd.failed(Reason.of(e));
        }
    }

    private @Nullable CertificateFiles own() {
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new ParameterException(
                    command.commandLine(), "--client-cert and --client-key go together: name both files");
        }
        return new CertificateFiles.Pem(certificate, key, Optional.empty());
    }

    /** Empty if there is none. */
    String token(Map<String, String> environment) throws CommandEnd {
        Path file = tokenFile;
        if (file == null) {
            // From a file, as a container gets it, it may come with the line's end.
            String told = environment.getOrDefault(TOKEN_VARIABLE, "").strip();
            if (told.chars().anyMatch(Character::isWhitespace)) {
                throw CommandEnd.failed(TOKEN_VARIABLE + " is no token: it has spaces or line breaks in it");
            }
            return told;
        }
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty() || token.chars().anyMatch(Character::isWhitespace)) {
                throw CommandEnd.failed(file + " has no token in it: it has to have one, and nothing else");
            }
            return token;
        } catch (IOException e) {
            throw CommandEnd.failed("cannot read " + file + ": " + Reason.of(e));
        }
    }
}
