package io.tidegate.cli.bench;

import io.tidegate.cli.bench.Workload.ClosedLoop;
import io.tidegate.cli.bench.Workload.OpenLoop;
import io.tidegate.cli.bench.Workload.Pipelines;
import io.tidegate.document.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A report for programs: one JSON object on one line. */
final class JsonReport {

    private JsonReport() {}

    static String of(Report report) {
        Map<String, Object> json = new LinkedHashMap<>();
        workload(json, report);
        measured(json, report);
        stall(json, report);
        verdict(json, report);
        json.put("acknowledgementMicros", latency(report.acknowledgement()));
        if (report.workload().followers() > 0) {
            json.put("deliveryMicros", latency(report.delivery()));
        }
        server(json, report);
        return JsonText.of(json);
    }

    private static void workload(Map<String, Object> json, Report report) {
        Workload workload = report.workload();
        json.put("target", report.target().toString());
        json.put("collection", workload.documents().collection().name());
        json.put("followers", workload.followers());
        json.put("transport", workload.transport().toString());
        json.put("publishers", workload.publishers());
        json.put("publishBy", workload.put().toString());
        json.put("size", workload.valueBytes());
        json.put("keys", workload.documents().count());
        if (workload.documents().by() != Documents.By.ALL) {
            json.put("selections", workload.documents().selections());
            json.put("selectBy", workload.documents().by().toString());
        }
        json.put("unchanging", workload.unchanging());
        if (workload.load() instanceof OpenLoop open) {
            json.put("rate", open.perSecond());
        } else if (workload.load() instanceof Pipelines pipelines) {
            json.put("pipeline", pipelines.pipeline());
        } else if (workload.load() instanceof ClosedLoop closed) {
            json.put("window", closed.window());
        }
        json.put("latencyFrom", workload.load() instanceof OpenLoop ? "intended send time" : "actual send time");
    }

    private static void measured(Map<String, Object> json, Report report) {
        Snapshot measured = report.measured();
        json.put("seconds", RunClock.secondsOf(measured.nanos()));
        json.put("updatesPerSecond", measured.perSecond(measured.published()));
        json.put("acknowledgedPerSecond", measured.perSecond(measured.acknowledged()));
        json.put("deliveriesPerSecond", measured.perSecond(measured.deliveries()));
        json.put("bytesPerSecond", measured.perSecond(measured.bytes()));
    }

    private static void stall(Map<String, Object> json, Report report) {
        StallFigures stall = report.stall();
        if (stall == null) {
            return;
        }
        Map<String, Object> others = new LinkedHashMap<>();
        others.put("before", Math.round(stall.before()));
        others.put("stalled", Math.round(stall.during()));
        others.put("catchingUp", Math.round(stall.catchingUp()));
        others.put("after", Math.round(stall.after()));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("laggards", report.workload().stall().laggards());
        figures.put("seconds", RunClock.secondsOf(report.workload().stall().nanos()));
        figures.put("caughtUpAfterSeconds", RunClock.secondsOf(stall.caughtUpNanos()));
        figures.put("catchUpPerSecond", Math.round(stall.catchUp()));
        figures.put("catchUpToLiveRatio", stall.catchUpRatio());
        figures.put("updatesPerSecondOfOthers", others);
        json.put("stall", figures);
    }

    private static void verdict(Map<String, Object> json, Report report) {
        json.put("updates", report.updates());
        json.put("lost", report.verdict().lost());
        json.put("duplicated", report.verdict().duplicated());
        json.put("outOfOrder", report.verdict().outOfOrder());
        json.put("unanswered", report.verdict().unanswered());
        json.put("foreign", report.verdict().foreign());
    }

    private static Map<String, Object> latency(Percentiles latency) {
        Map<String, Object> micros = new LinkedHashMap<>();
        micros.put("p50", TimeUnit.NANOSECONDS.toMicros(latency.p50()));
        micros.put("p90", TimeUnit.NANOSECONDS.toMicros(latency.p90()));
        micros.put("p99", TimeUnit.NANOSECONDS.toMicros(latency.p99()));
        micros.put("p99.9", TimeUnit.NANOSECONDS.toMicros(latency.p999()));
        micros.put("max", TimeUnit.NANOSECONDS.toMicros(latency.max()));
        return micros;
    }

    private static void server(Map<String, Object> json, Report report) {
        json.put("clientCpuSeconds", RunClock.secondsOf(report.measured().clientCpuNanos()));
        if (report.serverPid().isEmpty()) {
            return;
        }
        ServerUse use = report.measured().server();
        Map<String, Object> server = new LinkedHashMap<>();
        optional(server, "pid", report.serverPid());
        if (use.cpuNanos().isPresent()) {
            server.put("cpuSeconds", RunClock.secondsOf(use.cpuNanos().getAsLong()));
        }
        optional(server, "deliveriesPerCpuSecond", report.deliveriesPerServerCpuSecond());
        optional(server, "writeCalls", use.writeCalls());
        optional(server, "writeBytes", use.writeBytes());
        optional(server, "residentBytesBefore", report.residentBefore());
        optional(server, "residentBytesAfter", use.residentBytes());
        optional(server, "residentBytesMax", report.residentMax());
        json.put("server", server);
    }

    private static void optional(Map<String, Object> json, String name, OptionalLong value) {
        if (value.isPresent()) {
            json.put(name, value.getAsLong());
        }
    }
}
