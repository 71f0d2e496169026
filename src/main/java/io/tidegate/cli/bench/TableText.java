package io.tidegate.cli.bench;

import io.tidegate.cli.bench.Workload.OpenLoop;
import io.tidegate.document.Counted;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** A report for people. */
final class TableText {

    private final Report report;
    private final Workload workload;
    private final Snapshot measured;
    private final StringBuilder text = new StringBuilder();

    private TableText(Report report) {
        this.report = report;
        this.workload = report.workload();
        this.measured = report.measured();
    }

    static String of(Report report) {
        return new TableText(report).write();
    }

    private String write() {
        row("server", report.target() + ", collection " + workload.documents().collection());
        row("load", load());
        selections();
        row("measured", Figures.seconds(measured.nanos()) + " after " + Figures.seconds(workload.warmupNanos()));
        row("updates", rate(measured.published()) + " published, " + rate(measured.acknowledged()) + " acknowledged");
        if (workload.followers() > 0) {
            row(
                    "deliveries",
                    rate(measured.deliveries()) + ", " + Figures.megabytes(measured.perSecond(measured.bytes()))
                            + "/s");
        }
        stall();
        row("all " + report.updates(), verdict());
        text.append(String.format(
                Locale.ROOT, "%n%-16s%12s%12s%12s%12s%12s%n", "latency, ms", "p50", "p90", "p99", "p99.9", "max"));
        latency("acknowledged", report.acknowledgement());
        if (workload.followers() > 0) {
            latency("delivered", report.delivery());
        }
        row("", origin());
        text.append(System.lineSeparator());
        server();
        row("client", Figures.seconds(measured.clientCpuNanos()) + " CPU");
        return text.toString();
    }

    private String load() {
        return Counted.of(workload.followers(), "follower") + " by " + workload.transport() + ", "
                + Counted.of(workload.publishers(), "publisher")
                + (workload.put() == Put.Kind.LINE ? ", " : " by put, ")
                + Counted.of(workload.documents().count(), "document") + " of "
                + Counted.of(workload.valueBytes(), "byte") + ", " + workload.load();
    }

    private void selections() {
        Documents documents = workload.documents();
        if (documents.by() != Documents.By.ALL) {
            row(
                    "selected",
                    Counted.of(documents.selections(), "selection") + " by " + documents.by()
                            + ", one for each follower in turn");
        }
        if (workload.unchanging() > 0) {
            row("beside them", Counted.of(workload.unchanging(), "follower") + " of documents that nobody publishes");
        }
    }

    private String rate(long count) {
        return Figures.count(measured.perSecond(count)) + "/s";
    }

    private void stall() {
        StallFigures stall = report.stall();
        if (stall == null) {
            return;
        }
        int laggards = workload.stall().laggards();
        row(
                "stall",
                Counted.of(laggards, "follower") + " did not read for "
                        + Figures.seconds(workload.stall().nanos()) + ", and had caught up "
                        + Figures.seconds(stall.caughtUpNanos()) + " later");
        row(
                "each of them",
                Figures.count(Math.round(stall.catchUp())) + " updates/s until then, "
                        + Figures.number(stall.catchUpRatio()) + " times the live rate");
        row(
                "each other",
                Figures.count(Math.round(stall.before())) + " updates/s before, "
                        + Figures.count(Math.round(stall.during())) + " during the stall, "
                        + Figures.count(Math.round(stall.catchingUp())) + " during the catch-up, "
                        + Figures.count(Math.round(stall.after())) + " after it");
    }

    private String verdict() {
        long foreign = report.verdict().foreign();
        return report.verdict() + (foreign == 0 ? "" : "; " + foreign + " updates of others in the collection");
    }

    private String origin() {
        return workload.load() instanceof OpenLoop
                ? "from when the update was to be sent: no coordinated omission"
                : "from when the update was sent: a closed loop does not send while the server is slow (see --rate)";
    }

    private void server() {
        if (report.serverPid().isEmpty()) {
            return;
        }
        ServerUse use = measured.server();
        var cpu = new StringJoiner(", ");
        use.cpuNanos().ifPresent(nanos -> cpu.add(Figures.seconds(nanos) + " CPU"));
        report.deliveriesPerServerCpuSecond()
                .ifPresent(perSecond -> cpu.add(Figures.count(perSecond) + " deliveries a CPU second"));
        row("process " + report.serverPid().getAsLong(), cpu.toString());
        if (use.writeCalls().isPresent() && use.writeBytes().isPresent()) {
            row("", writes(use.writeCalls().getAsLong(), use.writeBytes().getAsLong()));
        }
        if (report.residentBefore().isPresent() && use.residentBytes().isPresent()) {
            row("", memory(report.residentBefore(), use.residentBytes(), report.residentMax()));
        }
    }

    private static String writes(long calls, long bytes) {
        return Figures.count(calls) + " write calls, " + Figures.megabytes(bytes) + ", "
                + Figures.count(calls == 0 ? 0 : bytes / calls) + " bytes each";
    }

    private static String memory(OptionalLong before, OptionalLong after, OptionalLong max) {
        return "resident " + Figures.megabytes(before.getAsLong()) + " before the connections, "
                + Figures.megabytes(after.getAsLong()) + " after the measurement, "
                + Figures.megabytes(max.orElse(after.getAsLong())) + " at most";
    }

    private void row(String name, String content) {
        text.append(String.format(Locale.ROOT, "%-16s%s%n", name, content));
    }

    private void latency(String name, Percentiles latency) {
        text.append(String.format(
                Locale.ROOT,
                "%-16s%12s%12s%12s%12s%12s%n",
                name,
                Figures.millis(latency.p50()),
                Figures.millis(latency.p90()),
                Figures.millis(latency.p99()),
                Figures.millis(latency.p999()),
                Figures.millis(latency.max())));
    }
}
