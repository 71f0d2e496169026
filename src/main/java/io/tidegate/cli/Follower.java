package io.tidegate.cli;

import io.tidegate.client.EventLine;
import io.tidegate.client.FollowLoop;
import io.tidegate.client.FollowRequest;
import io.tidegate.client.LineClient;
import io.tidegate.client.LineReader;
import io.tidegate.client.Reconnection;
import io.tidegate.client.ResumePoint;

/** Shows the feed: each line as it comes, and what becomes of the connection. */
final class Follower implements FollowLoop.Receiver<CommandEnd> {

    private final Reconnection reconnection;
    private final ResumePoint resumePoint;
    private final FollowView view;
    private final FollowLoop<CommandEnd> loop;

    /** Whether the user was told that the connection is lost. */
    private boolean away;

    /** Where the lines begin that are to be shown; -1 before the first that was read. */
    private int from = -1;

    /** A follower that has not begun. */
    Follower(Reconnection reconnection, ResumePoint resumePoint, FollowView view, FollowRequest request) {
        this.reconnection = reconnection;
        this.resumePoint = resumePoint;
        this.view = view;
        loop = new FollowLoop<>(reconnection, resumePoint, request, this);
    }

    /**
     * Begins on a connection that is there already. It ends with the process, or when it is refused, or after {@link #leave}.
     */
    void run(LineClient first) throws CommandEnd, InterruptedException {
        FollowLoop.End end = loop.run(first);
        switch (end.why()) {
            case LEFT -> {
                // As the user wants it.
            }
            case REFUSED -> throw CommandEnd.failed("refused: " + end.message());
            case DISMISSED ->
                throw CommandEnd.failed("the server said goodbye (" + end.message()
                        + "), and not to come back as it is: show another token");
            case UNKNOWN, STRANGER -> throw CommandEnd.failed(end.message());
        }
    }

    /** Says goodbye to the server, and waits a little for its answer. By any thread. */
    void leave() {
        loop.leave();
        try {
            loop.awaitLeft();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void take(EventLine event, LineReader line) throws CommandEnd {
        from = from < 0 ? line.from() : from;
        if (event.is("subscribed")) {
            subscribed();
        } else if (event.is("goodbye") && event.invitesBack()) {
            goodbye(event);
        }
        if (!view.shows(event)) {
            view.write(line.bytes(), from, line.from());
            from = line.end();
        }
    }

    @Override
    public void flush(EventLine last, LineReader line) throws CommandEnd {
        view.write(line.bytes(), from, line.end());
        from = -1;
        if (last.is("heartbeat")) {
            view.requireReader();
        }
    }

    private void subscribed() {
        if (away) {
            away = false;
            String where = reconnection.node();
            view.notice("connected " + (where.isEmpty() ? "again" : "to " + where) + ", at " + resumePoint.position());
        }
    }

    private void goodbye(EventLine event) {
        String slotMillis = event.text("reconnectAfterMs");
        String when = slotMillis.equals("0") ? "" : " in " + slotMillis + " ms";
        String where = event.texts("nodes").isEmpty() ? "" : " to another node";
        tellOnce("the server said goodbye (" + event.text("reason") + "): reconnecting" + where + when);
    }

    @Override
    public void lost(String reason, boolean inSnapshot) throws CommandEnd {
        from = -1;
        if (inSnapshot) {
            away = true;
            view.startAnew();
            view.notice("connection lost (" + reason + ") in the middle of the snapshot: starting anew");
        } else {
            tellOnce("connection lost (" + reason + "): reconnecting");
        }
    }

    /** Says it once: a server that is down for an hour is not worth a line for each attempt. */
    private void tellOnce(String text) {
        if (!away && !loop.isLeaving()) {
            away = true;
            view.notice(text);
        }
    }
}
