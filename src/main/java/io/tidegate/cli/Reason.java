package io.tidegate.cli;

import io.tidegate.document.Visible;
import java.io.IOException;
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
final class Reason {

    private Reason() {}

    static String of(Throwable failure) {
        if (failure instanceof FileSystemException file) {
            return ofFile(file);
        }
        if (failure instanceof UnknownHostException || cause(failure) instanceof UnresolvedAddressException) {
            return "unknown host";
        }
        if (failure instanceof SocketTimeoutException || failure instanceof HttpTimeoutException) {
            return "no answer";
        }
        if (failure instanceof NoRouteToHostException) {
            return "no route to that host";
        }
        if (failure instanceof ConnectException) {
            return said(failure).contains("refused") || said(failure).isEmpty()
                    ? "connection refused"
                    : Visible.of(said(failure));
        }
        if (failure instanceof ClosedChannelException) {
            return "the connection was closed";
        }
        return said(failure).isEmpty() ? "no reason is known" : Visible.of(said(failure));
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

    private static Throwable cause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Whether it is the peer's doing that nobody was there. */
    static boolean isRefusedConnection(IOException failure) {
        return of(failure).equals("connection refused");
    }

    private static String said(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }
}
