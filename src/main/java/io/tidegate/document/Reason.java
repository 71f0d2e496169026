package io.tidegate.document;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something failed, in words for people: exceptions are named after classes, and some have no message, or only a name. */
public final class Reason {

    private static final String REFUSED = "connection refused";

    private Reason() {}

    /** One clause, without the exception's name; what cannot be seen is told by its number. */
    public static String of(Throwable failure) {
        Throwable root = root(failure);
        if (root instanceof UnknownHostException || root instanceof UnresolvedAddressException) {
            return "unknown host";
        }
        if (failure instanceof SocketTimeoutException || failure instanceof HttpTimeoutException) {
            return "no answer";
        }
        if (isRefusedConnection(failure)) {
            return REFUSED;
        }
        if (root instanceof FileSystemException file) {
            return ofFile(file);
        }
        if (root instanceof NoRouteToHostException) {
            return "no route to that host";
        }
        if (root instanceof ClosedChannelException) {
            return "the connection was closed";
        }
        return said(root).isEmpty() ? "no reason is known" : Visible.of(said(root));
    }

    /** Whether nobody listened there. Some clients tell so without a word, and with a closed channel as the cause. */
    public static boolean isRefusedConnection(Throwable failure) {
        return failure instanceof ConnectException
                && (said(failure).isEmpty() || said(failure).contains("refused"));
    }

    private static String ofFile(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = failure.getReason();
        return reason == null ? "the system refuses it" : Visible.of(reason);
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String said(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }
}
