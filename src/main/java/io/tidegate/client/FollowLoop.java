package io.tidegate.client;

import io.tidegate.document.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows documents, over as many connections as it takes, on the thread that runs it.
 *
 * <pre>
 *  follow [after position] ─► lines: take note of each, hand it over ─┐
 *     ▲                                                               │ end, reset, silence
 *     └───────────────────────── reconnection ◄───────────────────────┘
 * </pre>
 *
 * @param <E> what whoever takes the lines may end it with
 */
public final class FollowLoop<E extends Exception> {

    /**
     * Takes what comes, on the loop's thread.
     *
     * @param <E> ends the loop
     */
    public interface Receiver<E extends Exception> {

        /** The next line. Its bytes stay where they are until {@link #flush}. */
        void take(EventLine event, LineReader line) throws E;

        /**
         * All that had been read was taken.
         *
         * @param last the line that was taken last
         */
        void flush(EventLine last, LineReader line) throws E;

        /**
         * The connection is lost, and is made again.
         *
         * @param inSnapshot whether what came of a snapshot is void
         */
        void lost(String reason, boolean inSnapshot) throws E;

        /** Whether there may be another token by now, of one that the server does not take any more. */
        default boolean isRenewed() {
            return false;
        }
    }

    /** Why a loop does not go on. */
    public enum Why {
        /** It was asked to. */
        LEFT,
        /** The server refuses what was asked for. */
        REFUSED,
        /** The server does not take the client for who it says it is. */
        UNKNOWN,
        /** The server has said goodbye, and not to come back as it is. */
        DISMISSED,
        /** What answers there is no Tidegate. */
        STRANGER
    }

    /**
     * How it ended.
     *
     * @param message in words for people; empty if it was asked to
     */
    public record End(Why why, String message) {}

    private final Reconnection reconnection;
    private final ResumePoint resumePoint;
    private final FollowRequest request;
    private final Receiver<E> receiver;

    private volatile @Nullable LineClient current;
    private volatile boolean leaving;
    private final CountDownLatch left = new CountDownLatch(1);

    /** One that has not begun. */
    public FollowLoop(Reconnection reconnection, ResumePoint resumePoint, FollowRequest request, Receiver<E> receiver) {
        this.reconnection = reconnection;
        this.resumePoint = resumePoint;
        this.request = request;
        this.receiver = receiver;
    }

    /**
     * Runs until it ends.
     *
     * @param first is connected already; null if nobody is yet
     */
    public End run(@Nullable LineClient first) throws E, InterruptedException {
        try {
            LineClient client = first == null && !leaving ? reconnection.attemptNow() : first;
            while (true) {
                End end = client == null ? null : follow(client);
                if (leaving) {
                    return new End(Why.LEFT, "");
                }
                if (end != null) {
                    return end;
                }
                client = reconnection.attempt();
            }
        } catch (RefusedException e) {
            return new End(Why.UNKNOWN, Reason.of(e));
        } finally {
            left.countDown();
        }
    }

    /**
     * Has it end: says goodbye to the server, and takes what still comes, for a moment; whoever just goes has reset the connection. By any
     * thread; does not wait.
     */
    public void leave() {
        leaving = true;
        LineClient client = current;
        if (client != null) {
            try {
                client.send("quit");
            } catch (IOException e) {
                // The server was faster.
            }
        }
    }

    /** Whether it was asked to end. */
    public boolean isLeaving() {
        return leaving;
    }

    /** Waits until it has ended, for as long as a goodbye may take. */
    public void awaitLeft() throws InterruptedException {
        if (current != null) {
            var unused = left.await(LineClient.FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Sends a request on the connection that there is; on none if there is none. */
    void send(String line) throws IOException {
        LineClient client = current;
        if (client != null) {
            client.send(line);
        }
    }

    /** Null if it goes on over another connection. */
    private @Nullable End follow(LineClient client) throws E {
        resumePoint.connected();
        current = client;
        try (client) {
            // Who asked meanwhile did not see this connection.
            if (leaving) {
                client.leave();
                return null;
            }
            client.send(request.after(resumePoint.position()));
            End end = takeAll(client);
            if (end != null) {
                return end;
            }
            throw new EOFException("the server closed it");
        } catch (ProtocolException e) {
            return new End(Why.STRANGER, Reason.of(e));
        } catch (IOException e) {
            current = null;
            if (!leaving) {
                receiver.lost(Reason.of(e), resumePoint.isInSnapshot());
            }
            return null;
        }
    }

    private @Nullable End takeAll(LineClient client) throws IOException, E {
        boolean isOurs = false;
        try {
            End end = null;
            while (end == null && client.next()) {
                isOurs = true;
                end = takeBuffered(client.lines());
                isOurs = end != null;
            }
            return end;
        } catch (ProtocolException e) {
            isOurs = false;
            throw e;
        } finally {
            if (isOurs) {
                client.leave();
            }
        }
    }

    /** @throws IOException if the connection is good for nothing more, but another one may be */
    private @Nullable End takeBuffered(LineReader lines) throws IOException, E {
        End end;
        EventLine event;
        do {
            event = EventLine.of(lines);
            end = take(event);
            receiver.take(event, lines);
        } while (end == null && !Passing.is(event) && lines.nextBuffered());
        receiver.flush(event, lines);
        if (Passing.is(event)) {
            reconnection.refused();
            throw new IOException(event.text("message"));
        }
        return end;
    }

    private @Nullable End take(EventLine event) throws ProtocolException {
        resumePoint.take(event);
        if (event.is("subscribed")) {
            reconnection.succeeded();
        } else if (event.is("error") && !Passing.is(event) && !Passing.isFarewell(event)) {
            return new End(Why.REFUSED, event.text("message"));
        } else if (event.is("goodbye")) {
            boolean isInvited = reconnection.take(event) || (event.asksForCredentials() && receiver.isRenewed());
            return isInvited || leaving ? null : new End(Why.DISMISSED, event.text("reason"));
        }
        return null;
    }
}
