package io.tidegate.admin;

import io.tidegate.audit.Operator;
import io.tidegate.document.Addresses;
import io.tidegate.drain.DrainReport;
import io.tidegate.drain.DrainStatus;
import io.tidegate.drain.DrainWatcher;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** The server behind its JMX bean, which tells how a drain goes on. */
public final class ServerBean extends NotificationBroadcasterSupport implements ServerMXBean, Named, DrainWatcher {

    private static final MBeanNotificationInfo NOTIFICATIONS = new MBeanNotificationInfo(
            new String[] {PHASE, PROGRESS, REPORT},
            Notification.class.getName(),
            "How a drain goes on, and how it ended");

    private final Operations server;
    private final AtomicLong notifications = new AtomicLong();

    /** Whether anybody ever listened: else the lines are not made, which a stop would have to wait for. */
    private volatile boolean listenedTo;

    private volatile Object source = this;

    public ServerBean(Operations server) {
        super(listeners(), NOTIFICATIONS);
        this.server = server;
    }

    /** A thread of their own, in order, while there is something to tell: a listener that blocks must not hold up the drain. */
    private static Executor listeners() {
        return new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            var thread = new Thread(task, "tidegate-notifications");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void registeredAs(ObjectName name) {
        source = name;
    }

    @Override
    public String getVersion() {
        return Build.version();
    }

    @Override
    public String getState() {
        return server.drainStatus().phase().state().toUpperCase(Locale.ROOT);
    }

    @Override
    public long getConnections() {
        return server.connections().open();
    }

    @Override
    public long getUpdates() {
        return server.updates();
    }

    @Override
    public String getLastPosition() {
        return server.position().toString();
    }

    @Override
    public String getTcpAddress() {
        return Addresses.shown(server.tcpAddress());
    }

    @Override
    public String getHttpAddress() {
        return Addresses.shown(server.httpAddress());
    }

    @Override
    public String getAdminAddress() {
        return Addresses.shown(server.adminAddress());
    }

    @Override
    public String getDrainPhase() {
        return server.drainStatus().phase().toString();
    }

    @Override
    public int getDrainPhaseNumber() {
        return server.drainStatus().phase().number();
    }

    @Override
    public String getDrainReason() {
        return server.drainStatus().reason();
    }

    @Override
    public String getDrainLine() {
        return server.drainStatus().toString();
    }

    @Override
    public long getStragglers() {
        return server.drainStatus().stragglers();
    }

    @Override
    public long getDrainMillisLeft() {
        return server.drainStatus().left().toMillis();
    }

    @Override
    public boolean isForced() {
        return server.drainStatus().forced();
    }

    @Override
    public boolean isCancellable() {
        return server.drainStatus().cancellable();
    }

    @Override
    public StopForecast forecast() {
        try {
            return Rows.view(
                    StopForecast.class,
                    Rows.of(server.forecast().toCompletableFuture().join()));
        } catch (CompletionException e) {
            // A JMX client may not know the classes of the cause.
            throw new IllegalStateException("the server does not answer: it may be about to end");
        }
    }

    @Override
    public KnownNode[] nodes() {
        return server.nodes().toCompletableFuture().join().stream()
                .map(status -> Rows.view(KnownNode.class, Rows.of(status)))
                .toArray(KnownNode[]::new);
    }

    @Override
    public boolean isReusePort() {
        return server.sharesPort();
    }

    @Override
    public String getStoreDirectory() {
        return server.storeDirectory();
    }

    @Override
    public ReloadOutcome[] reload() {
        tell("reload");
        return server.reload("JMX").toCompletableFuture().join().stream()
                .map(outcome -> Rows.view(ReloadOutcome.class, Rows.of(outcome)))
                .toArray(ReloadOutcome[]::new);
    }

    @Override
    public void handOver() {
        server.handOver();
        tell("hand-over");
    }

    @Override
    public void shutdown() {
        server.beginDrain("JMX");
        tell("drain");
    }

    @Override
    public void cancelShutdown() {
        server.cancelDrain();
        tell("cancel-drain");
    }

    private void tell(String act) {
        server.audit().operated(Operator.JMX, act, Map.of());
    }

    @Override
    public void addNotificationListener(
            NotificationListener listener, @Nullable NotificationFilter filter, @Nullable Object handback) {
        super.addNotificationListener(listener, filter, handback);
        listenedTo = true;
    }

    @Override
    public void phaseChanged(DrainStatus status) {
        if (listenedTo) {
            tell(PHASE, status.toString(), status.phase().toString());
        }
    }

    @Override
    public void progressed(DrainStatus status) {
        if (listenedTo) {
            tell(PROGRESS, status.toString(), status.phase().toString());
        }
    }

    @Override
    public void reported(DrainReport report) {
        if (listenedTo) {
            tell(REPORT, report.toString(), report.toJson());
        }
    }

    private void tell(String type, String message, String userData) {
        var notification = new Notification(type, source, notifications.incrementAndGet(), message);
        notification.setUserData(userData);
        sendNotification(notification);
    }
}
