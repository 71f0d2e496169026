package io.tidegate.kafka;

import io.tidegate.document.Reason;
import io.tidegate.document.Visible;
import io.tidegate.shared.Answers;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;

/** Puts what Kafka's clients say into one line that names the cluster or the setting, and what to do. */
final class Problems {

    private static final Pattern CLASS_NAME = Pattern.compile("([a-z]\\w*\\.)+[A-Z]\\w*: ");

    private static final Pattern MAKING = Pattern.compile("Failed to (construct kafka|create new (Kafka|Network)).*");

    /** What TLS calls it when the other side has looked at a certificate, or waited for one. */
    private static final Pattern OF_OWN_CERTIFICATE = Pattern.compile("alert: (\\w*certificate\\w*|unknown_ca)");

    private static final String UNKNOWN_HOSTS = "No resolvable bootstrap urls";

    private final KafkaSettings settings;

    Problems(KafkaSettings settings) {
        this.settings = settings;
    }

    /** Why something could not be had from Kafka. */
    SharedLogException of(Throwable failure) {
        Throwable cause = Answers.unwrapped(failure);
        if (cause instanceof SharedLogException told) {
            return told;
        }
        if (cause instanceof AuthenticationException) {
            return unusable(strangers(cause), cause);
        }
        if (cause instanceof AuthorizationException) {
            return unusable(
                    cluster() + " does not allow this node what it needs (" + reason(cause)
                            + "): Describe, DescribeConfigs, Read, Write and Delete on the topic " + settings.topic()
                            + ", and Create if that is missing",
                    cause);
        }
        if (cause instanceof UnsupportedVersionException) {
            return unusable(cluster() + " is too old for this server (" + reason(cause) + ")", cause);
        }
        return passing(cause);
    }

    /** One of both does not take the other for who it says it is. */
    private String strangers(Throwable cause) {
        String why = " (" + reason(cause) + "): see ";
        if (isUntrusted(cause)) {
            return "this node does not trust the certificate of " + cluster() + why
                    + "ssl.truststore.… in tidegate.kafka.client";
        }
        if (OF_OWN_CERTIFICATE.matcher(why).find()) {
            return cluster() + " does not take the certificate of this node" + why
                    + "ssl.keystore.… in tidegate.kafka.client";
        }
        return cluster() + " does not let this node in" + why + "tidegate.kafka.client";
    }

    private static boolean isUntrusted(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof CertificateException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }

    private SharedLogException passing(Throwable cause) {
        if (cause instanceof UnknownTopicOrPartitionException || cause instanceof UnknownTopicIdException) {
            return unavailable("the topic " + settings.topic() + " is not there", cause);
        }
        if (cause instanceof WakeupException || cause instanceof IllegalStateException) {
            return unavailable("the shared log is closed", cause);
        }
        if (cause instanceof InterruptException || cause instanceof InterruptedException) {
            return unavailable("interrupted while it waited for " + cluster(), cause);
        }
        if (cause instanceof RetriableException || cause instanceof java.util.concurrent.TimeoutException) {
            return unavailable(cluster() + " does not answer within " + seconds(settings.requestTimeout()), cause);
        }
        return unavailable(cluster() + " fails: " + reason(cause), cause);
    }

    /** What is there was written while the topic allowed it. */
    SharedLogException compressed(LinkageError failure) {
        return unusable(
                "the topic " + settings.topic()
                        + " has what another program has compressed, which is not read here: once"
                        + " every node has read what is before it, delete it (kafka-delete-records), or go on with a new topic",
                failure);
    }

    /** Why a client could not be made. */
    SharedLogException making(Throwable failure) {
        Throwable cause = meaning(failure);
        if (cause instanceof ConfigException && said(cause).startsWith(UNKNOWN_HOSTS)) {
            return unavailable(
                    "none of the hosts of tidegate.kafka.bootstrap-servers is known: " + settings.bootstrapServers(),
                    failure);
        }
        return unusable(
                "the settings of Kafka's clients cannot be used (" + reason(cause) + "): see tidegate.kafka.client",
                failure);
    }

    /** Why something that was handed over may be lost. */
    String losing(Exception failure) {
        if (failure instanceof org.apache.kafka.common.errors.TimeoutException) {
            return cluster() + " has not confirmed an entry within " + seconds(settings.deliveryTimeout());
        }
        if (failure instanceof RecordTooLargeException) {
            return cluster() + " takes no entries of that size: see max.message.bytes of the topic " + settings.topic();
        }
        return String.valueOf(of(failure).getMessage());
    }

    private String cluster() {
        return "Kafka at " + String.join(", ", settings.bootstrapServers());
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** The first that says more than that it failed. */
    private static Throwable meaning(Throwable failure) {
        Throwable cause = failure;
        while (MAKING.matcher(said(cause)).matches() && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** What it says, and why, without the names of classes that are in it. */
    private static String reason(Throwable cause) {
        String said = CLASS_NAME.matcher(said(cause)).replaceAll("").strip();
        String clause = Visible.of(said.endsWith(".") ? said.substring(0, said.length() - 1) : said);
        String root = CLASS_NAME.matcher(Reason.of(cause)).replaceAll("");
        if (clause.isEmpty() || root.contains(clause)) {
            return root;
        }
        return said.contains(root) ? clause : clause + ": " + root;
    }

    private static String said(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }

    private static SharedLogException unusable(String line, Throwable cause) {
        return new SharedLogException(Kind.UNUSABLE, line, cause);
    }

    private static SharedLogException unavailable(String line, Throwable cause) {
        return new SharedLogException(Kind.UNAVAILABLE, line, cause);
    }
}
