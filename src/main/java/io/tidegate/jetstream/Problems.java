package io.tidegate.jetstream;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusException;
import io.tidegate.document.Reason;
import io.tidegate.document.Visible;
import io.tidegate.shared.Answers;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Puts what NATS and its client say into one line that names the servers or the setting, and what to do. */
final class Problems {

    /** What NATS answers, by its numbers of errors. */
    static final int NO_STREAM = 10059;

    /** There is one, which somebody else has just made. */
    static final int STREAM_EXISTS = 10058;

    private static final Set<Integer> NOT_ENABLED = Set.of(10039, 10076);

    private static final String NO_JETSTREAM =
            " has no JetStream: start nats-server with --jetstream, or with jetstream {} in its configuration";

    private final JetStreamSettings settings;

    Problems(JetStreamSettings settings) {
        this.settings = settings;
    }

    /** Why something could not be had on a connection. */
    SharedLogException of(Connection connection, Throwable failure) {
        Throwable cause = Answers.unwrapped(failure);
        String said = connection.getLastError();
        if (!(cause instanceof SharedLogException) && isForbidden(said)) {
            return unusable(
                    servers() + " does not allow this node what it needs (" + Visible.of(said)
                            + "): to publish to " + settings.stream()
                            + ", $JS.API.STREAM.*." + settings.stream()
                            + " and $JS.API.CONSUMER.>, and to subscribe to _INBOX.>",
                    cause);
        }
        if (cause instanceof JetStreamStatusException
                && !connection.getServerInfo().isJetStreamAvailable()) {
            return unusable(servers() + NO_JETSTREAM, cause);
        }
        return of(cause);
    }

    private static boolean isForbidden(@Nullable String said) {
        return said != null && said.toLowerCase(Locale.ROOT).contains("permissions violation");
    }

    /** Why something could not be had. */
    SharedLogException of(Throwable failure) {
        Throwable cause = Answers.unwrapped(failure);
        if (cause instanceof SharedLogException told) {
            return told;
        }
        if (cause instanceof JetStreamApiException answer) {
            return answered(answer);
        }
        if (cause instanceof JetStreamStatusException) {
            return unavailable(servers() + " has nobody who answers for JetStream now", cause);
        }
        if (cause instanceof TimeoutException) {
            return unavailable(servers() + " does not answer within " + seconds(settings.requestTimeout()), cause);
        }
        if (cause instanceof InterruptedException) {
            return unavailable("interrupted while it waited for " + servers(), cause);
        }
        return unavailable(lostConnection(), cause);
    }

    String lostConnection() {
        return "the connection to " + servers() + " is lost";
    }

    private SharedLogException answered(JetStreamApiException answer) {
        if (NOT_ENABLED.contains(answer.getApiErrorCode())) {
            return unusable(servers() + NO_JETSTREAM + " and for the account", answer);
        }
        if (answer.getApiErrorCode() == NO_STREAM) {
            return unavailable("the stream " + settings.stream() + " is not there", answer);
        }
        return unavailable(servers() + " refuses: " + Visible.of(answer.getErrorDescription()), answer);
    }

    /** Why the stream cannot be made; that a server does not answer passes. */
    SharedLogException making(SharedLogException failure) {
        if (failure.getCause() instanceof JetStreamApiException answer && failure.kind() != Kind.UNUSABLE) {
            return unusable(
                    "the stream " + settings.stream() + " cannot be made with tidegate.jetstream.replicas = "
                            + settings.replicas() + ": " + Visible.of(answer.getErrorDescription()),
                    answer);
        }
        return failure;
    }

    /** Why there is no connection. */
    SharedLogException connecting(Exception failure, @Nullable Exception reason) {
        if (failure instanceof AuthenticationException) {
            return unusable(
                    servers() + " does not let this node in: see tidegate.jetstream.client and"
                            + " tidegate.jetstream.credentials-file",
                    failure);
        }
        if (failure instanceof InterruptedException) {
            return of(failure);
        }
        if (reason == null || reason instanceof TimeoutException) {
            return unavailable(servers() + " does not answer within " + seconds(settings.requestTimeout()), failure);
        }
        return unavailable(servers() + " cannot be reached: " + Reason.of(reason), failure);
    }

    /** Why the settings cannot be used. */
    SharedLogException options(Exception failure) {
        return unusable(
                "the settings of NATS's client cannot be used (" + Reason.of(failure)
                        + "): see tidegate.jetstream.client",
                failure);
    }

    /** Why something that was handed over may be lost. */
    String losing(Connection connection, Throwable failure) {
        Throwable cause = Answers.unwrapped(failure);
        return cause instanceof TimeoutException && !isForbidden(connection.getLastError())
                ? servers() + " has not confirmed an entry within " + seconds(settings.deliveryTimeout())
                : String.valueOf(of(connection, cause).getMessage());
    }

    private String servers() {
        return "NATS at " + String.join(", ", settings.servers());
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    SharedLogException unusable(String line) {
        return new SharedLogException(Kind.UNUSABLE, line);
    }

    private static SharedLogException unusable(String line, Throwable cause) {
        return new SharedLogException(Kind.UNUSABLE, line, cause);
    }

    private static SharedLogException unavailable(String line, Throwable cause) {
        return new SharedLogException(Kind.UNAVAILABLE, line, cause);
    }
}
