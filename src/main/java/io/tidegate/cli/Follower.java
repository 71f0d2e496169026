package io.tidegate.cli;

import io.tidegate.client.Event;
import io.tidegate.client.LineClient;
import io.tidegate.client.LineReader;
import io.tidegate.client.Reconnection;
import io.tidegate.client.RefusedException;
import io.tidegate.client.ResumePoint;
import io.tidegate.document.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows the feed, over as many connections as it takes.
 *
 * <pre>
 *  follow [after position] ─► lines: take note of each, write those that are shown ─┐
 *     ▲                                                                             │ end, reset, silence
 *     └───────────────────────────── reconnection ◄─────────────────────────────────┘
 * </pre>
 */
final class Follower {

    private final Reconnection reconnection;
    private final ResumePoint resumePoint;
    private final FollowView view;
    private final FollowRequest request;

    /** Whether the user was told that the connection is lost. */
    private boolean away;

    /** Why the server does not want it back as it is; null unless that is so. */
    private @Nullable String dismissal;

    private volatile @Nullable LineClient current;
    private volatile boolean leaving;
    private final CountDownLatch left = new CountDownLatch(1);

    /** A follower that has not begun. */
    Follower(Reconnection reconnection, ResumePoint resumePoint, FollowView view, FollowRequest request) {
        this.reconnection = reconnection;
        this.resumePoint = resumePoint;
        this.view = view;
        this.request = request;
    }

    /**
     * Begins on a connection that is there already. It ends with the process, or when it is refused, or after {@link #leave}.
     */
    void run(LineClient first) throws CommandEnd, InterruptedException {
        LineClient client = first;
        while (true) {
            follow(client);
            if (leaving) {
                left.countDown();
                return;
            }
            client = reconnect();
        }
    }

    private LineClient reconnect() throws CommandEnd, InterruptedException {
        try {
            return reconnection.open();
        } catch (RefusedException e) {
            throw CommandEnd.failed(Reason.of(e));
        }
    }

    /** Says goodbye to the server, and waits a little for its answer: whoever just goes has reset the connection. By any thread. */
    void leave() {
        leaving = true;
        LineClient client = current;
        if (client == null) {
            return;
        }
        try {
            client.send("quit");
            var unused = left.await(LineClient.FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            // The server was faster.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(LineClient client) throws CommandEnd {
        resumePoint.connected();
        current = client;
        try (client) {
            client.send(request.after(resumePoint.position()));
            showAll(client);
            throw new EOFException("the server closed it");
        } catch (ProtocolException e) {
            throw CommandEnd.failed(Reason.of(e));
        } catch (IOException e) {
            current = null;
            lost(Reason.of(e));
        }
    }

    private void showAll(LineClient client) throws IOException, CommandEnd {
        try {
            while (next(client)) {
                showBuffered(client.lines());
            }
        } catch (CommandEnd end) {
            client.leave();
            throw end;
        }
    }

    /** A server that says nothing for long is asked whether it is there; a second silence is the end. */
    private static boolean next(LineClient client) throws IOException {
        try {
            return client.lines().next();
        } catch (SocketTimeoutException e) {
            client.send("ping");
            return client.lines().next();
        }
    }

    private void showBuffered(LineReader lines) throws ProtocolException, CommandEnd {
        int from = lines.from();
        Event event;
        do {
            event = Event.of(lines);
            take(event);
            if (!view.shows(event)) {
                view.write(lines.bytes(), from, lines.from());
                from = lines.end();
            }
        } while (!event.is("error") && lines.nextBuffered());
        view.write(lines.bytes(), from, lines.end());
        if (event.is("error")) {
            throw CommandEnd.failed("refused: " + event.text("message"));
        }
        if (dismissal != null) {
            throw CommandEnd.failed("the server said goodbye (" + dismissal
                    + "), and not to come back as it is: show another" + " token");
        }
        if (event.is("heartbeat")) {
            view.requireReader();
        }
    }

    private void take(Event event) throws ProtocolException {
        resumePoint.take(event);
        if (event.is("subscribed")) {
            subscribed();
        } else if (event.is("goodbye")) {
            goodbye(event);
        }
    }

    private void subscribed() {
        reconnection.succeeded();
        if (away) {
            away = false;
            String where = reconnection.node();
            view.notice("connected " + (where.isEmpty() ? "again" : "to " + where) + ", at " + resumePoint.position());
        }
    }

    private void goodbye(Event event) throws ProtocolException {
        if (!reconnection.take(event) && !leaving) {
            dismissal = event.text("reason");
            return;
        }
        long slotMillis = event.number("reconnectAfterMs");
        String when = slotMillis == 0 ? "" : " in " + slotMillis + " ms";
        String where = event.texts("nodes").isEmpty() ? "" : " to another node";
        tellOnce("the server said goodbye (" + event.text("reason") + "): reconnecting" + where + when);
    }

    private void lost(String reason) throws CommandEnd {
        if (leaving) {
            return;
        }
        if (resumePoint.isInSnapshot()) {
            away = true;
            view.startAnew();
            view.notice("connection lost (" + reason + ") in the middle of the snapshot: starting anew");
        } else {
            tellOnce("connection lost (" + reason + "): reconnecting");
        }
    }

    /** Says it once: a server that is down for an hour is not worth a line for each attempt. */
    private void tellOnce(String text) {
        if (!away && !leaving) {
            away = true;
            view.notice(text);
        }
    }
}
