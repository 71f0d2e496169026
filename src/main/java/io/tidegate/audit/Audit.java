package io.tidegate.audit;

import io.tidegate.document.JsonText;
import io.tidegate.document.Visible;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what has to do with security: who was refused, who operated the server, which files were read anew, whose right ended.
 * One JSON object a line, of names and addresses only: there is no way in for what a client has sent or shown. Thread-safe.
 */
public final class Audit implements AutoCloseable {

    /** Where it goes unless it has a file: whoever configures the log can give it a place of its own, too. */
    private static final Logger LOG = LoggerFactory.getLogger("tidegate.audit");

    /** No name is longer that was given to somebody; what is, was made up. */
    private static final int MOST_CHARACTERS = 256;

    private final Consumer<String> lines;
    private final Runnable end;
    private final InstantSource clock;
    private final RefusalRate refusals;

    private Audit(
            Consumer<String> lines, Runnable end, AuditSettings settings, InstantSource clock, LongSupplier nanoClock) {
        this.lines = lines;
        this.end = end;
        this.clock = clock;
        refusals = new RefusalRate(settings.refusalsPerAddress(), settings.addresses(), nanoClock, this::passedOver);
    }

    /**
     * As the settings say.
     *
     * @param clock tells the time of day
     * @param nanoClock tells how much time has passed
     * @throws IOException if its file cannot be written
     */
    public static Audit open(AuditSettings settings, InstantSource clock, LongSupplier nanoClock) throws IOException {
        if (settings.file().isEmpty()) {
            return to(LOG::info, settings, clock, nanoClock);
        }
        AuditFile file = AuditFile.open(settings.file().get(), settings.queueLines(), LOG::info);
        return new Audit(file::write, file::close, settings, clock, nanoClock);
    }

    /** To whoever takes the lines. */
    static Audit to(Consumer<String> lines, AuditSettings settings, InstantSource clock, LongSupplier nanoClock) {
        return new Audit(lines, () -> {}, settings, clock, nanoClock);
    }

    /**
     * Somebody was not who it had to be. Of an address that goes on so most are only counted.
     *
     * @param reason a word of ours
     * @param identity who it was all the same; empty if nobody
     * @param transport how it was spoken to
     */
    public void refused(String reason, String identity, InetAddress from, String listener, String transport) {
        if (refusals.isTold(from)) {
            Map<String, Object> fields = event("refused");
            fields.put("reason", reason);
            putClient(fields, identity, from, listener, transport);
            write(fields);
        }
    }

    private void passedOver(String address, long times) {
        Map<String, Object> fields = event("refused-more");
        fields.put("address", address);
        fields.put("times", times);
        write(fields);
    }

    /**
     * Somebody has made the server do something.
     *
     * @param act a word of ours
     * @param what more there is to say of it
     */
    public void operated(Operator who, String act, Map<String, String> what) {
        Map<String, Object> fields = event("operated");
        fields.put("act", act);
        fields.put("by", who.by());
        put(fields, "identity", who.identity());
        put(fields, "address", who.address());
        what.forEach((name, value) -> put(fields, name, value));
        write(fields);
    }

    /**
     * Files were read anew.
     *
     * @param result a word of ours
     * @param line says more
     */
    public void reloaded(String what, String result, String line) {
        Map<String, Object> fields = event("reloaded");
        fields.put("what", what);
        fields.put("result", result);
        put(fields, "line", line);
        write(fields);
    }

    /**
     * A connection ended since the right to it did.
     *
     * @param reason a word of ours
     */
    public void ended(String reason, String identity, InetAddress from, String listener, String transport, long id) {
        Map<String, Object> fields = event("ended");
        fields.put("reason", reason);
        putClient(fields, identity, from, listener, transport);
        fields.put("connection", id);
        write(fields);
    }

    private static void putClient(
            Map<String, Object> fields, String identity, InetAddress from, String listener, String transport) {
        put(fields, "identity", identity);
        fields.put("address", from.getHostAddress());
        fields.put("listener", listener);
        fields.put("transport", transport);
    }

    private Map<String, Object> event(String name) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", clock.instant().toString());
        fields.put("event", name);
        return fields;
    }

    /** What others have chosen: names, and words of a request. */
    private static void put(Map<String, Object> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, Visible.of(cut(value)));
        }
    }

    private static String cut(String value) {
        if (value.codePointCount(0, value.length()) <= MOST_CHARACTERS) {
            return value;
        }
        return value.substring(0, value.offsetByCodePoints(0, MOST_CHARACTERS)) + "…";
    }

    private void write(Map<String, Object> fields) {
        lines.accept(JsonText.of(fields));
    }

    /** Tells what was counted of those who are quiet now. To be called regularly. */
    public void look() {
        refusals.look();
    }

    /** Tells what was counted, and writes what waits. */
    @Override
    public void close() {
        refusals.close();
        end.run();
    }
}
