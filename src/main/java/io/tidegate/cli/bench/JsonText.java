package io.tidegate.cli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.cli.bench.Workload.ClosedLoop;
import io.tidegate.cli.bench.Workload.OpenLoop;
import io.tidegate.cli.bench.Workload.Pipelines;
import java.io.IOException;
import java.io.StringWriter;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A report for programs: one JSON object on one line. */
final class JsonText {

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    static String of(Report report) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            workload(json, report);
            measured(json, report);
            stall(json, report);
            verdict(json, report);
            latency(json, "acknowledgementMicros", report.acknowledgement());
            if (report.workload().followers() > 0) {
                latency(json, "deliveryMicros", report.delivery());
            }
            server(json, report);
            json.writeEndObject();
        } catch (IOException e) {
            throw new AssertionError("writing to a string", e);
        }
        return text.toString();
    }

    private static void workload(JsonGenerator json, Report report) throws IOException {
        Workload workload = report.workload();
        json.writeStringField("target", report.target().toString());
        json.writeStringField("collection", workload.collection().name());
        json.writeNumberField("followers", workload.followers());
        json.writeStringField("transport", workload.transport().toString());
        json.writeNumberField("publishers", workload.publishers());
        json.writeStringField("publishBy", workload.put().toString());
        json.writeNumberField("size", workload.valueBytes());
        json.writeNumberField("keys", workload.keys());
        if (workload.load() instanceof OpenLoop open) {
            json.writeNumberField("rate", open.perSecond());
        } else if (workload.load() instanceof Pipelines pipelines) {
            json.writeNumberField("pipeline", pipelines.pipeline());
        } else if (workload.load() instanceof ClosedLoop closed) {
            json.writeNumberField("window", closed.window());
        }
        json.writeStringField(
                "latencyFrom", workload.load() instanceof OpenLoop ? "intended send time" : "actual send time");
    }

    private static void measured(JsonGenerator json, Report report) throws IOException {
        Snapshot measured = report.measured();
        json.writeNumberField("seconds", RunClock.secondsOf(measured.nanos()));
        json.writeNumberField("updatesPerSecond", measured.perSecond(measured.published()));
        json.writeNumberField("acknowledgedPerSecond", measured.perSecond(measured.acknowledged()));
        json.writeNumberField("deliveriesPerSecond", measured.perSecond(measured.deliveries()));
        json.writeNumberField("bytesPerSecond", measured.perSecond(measured.bytes()));
    }

    private static void stall(JsonGenerator json, Report report) throws IOException {
        StallFigures stall = report.stall();
        if (stall == null) {
            return;
        }
        json.writeObjectFieldStart("stall");
        json.writeNumberField("laggards", report.workload().stall().laggards());
        json.writeNumberField(
                "seconds", RunClock.secondsOf(report.workload().stall().nanos()));
        json.writeNumberField("caughtUpAfterSeconds", RunClock.secondsOf(stall.caughtUpNanos()));
        json.writeNumberField("catchUpPerSecond", Math.round(stall.catchUp()));
        json.writeNumberField("catchUpToLiveRatio", stall.catchUpRatio());
        json.writeObjectFieldStart("updatesPerSecondOfOthers");
        json.writeNumberField("before", Math.round(stall.before()));
        json.writeNumberField("stalled", Math.round(stall.during()));
        json.writeNumberField("catchingUp", Math.round(stall.catchingUp()));
        json.writeNumberField("after", Math.round(stall.after()));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void verdict(JsonGenerator json, Report report) throws IOException {
        json.writeNumberField("updates", report.updates());
        json.writeNumberField("lost", report.verdict().lost());
        json.writeNumberField("duplicated", report.verdict().duplicated());
        json.writeNumberField("outOfOrder", report.verdict().outOfOrder());
        json.writeNumberField("unanswered", report.verdict().unanswered());
        json.writeNumberField("foreign", report.verdict().foreign());
    }

    private static void latency(JsonGenerator json, String name, Percentiles latency) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("p50", TimeUnit.NANOSECONDS.toMicros(latency.p50()));
        json.writeNumberField("p90", TimeUnit.NANOSECONDS.toMicros(latency.p90()));
        json.writeNumberField("p99", TimeUnit.NANOSECONDS.toMicros(latency.p99()));
        json.writeNumberField("p99.9", TimeUnit.NANOSECONDS.toMicros(latency.p999()));
        json.writeNumberField("max", TimeUnit.NANOSECONDS.toMicros(latency.max()));
        json.writeEndObject();
    }

    private static void server(JsonGenerator json, Report report) throws IOException {
        json.writeNumberField(
                "clientCpuSeconds", RunClock.secondsOf(report.measured().clientCpuNanos()));
        if (report.serverPid().isEmpty()) {
            return;
        }
        ServerUse use = report.measured().server();
        json.writeObjectFieldStart("server");
        optional(json, "pid", report.serverPid());
        if (use.cpuNanos().isPresent()) {
            json.writeNumberField(
                    "cpuSeconds", RunClock.secondsOf(use.cpuNanos().getAsLong()));
        }
        optional(json, "deliveriesPerCpuSecond", report.deliveriesPerServerCpuSecond());
        optional(json, "writeCalls", use.writeCalls());
        optional(json, "writeBytes", use.writeBytes());
        optional(json, "residentBytesBefore", report.residentBefore());
        optional(json, "residentBytesAfter", use.residentBytes());
        optional(json, "residentBytesMax", report.residentMax());
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.getAsLong());
        }
    }
}
