package io.tidegate.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/** The metric families of one server. What can be read when somebody asks is read then; only histograms are kept up. */
final class Families {

    /** Where a family puts its values. */
    interface Values {

        /** Adds one; the values of the labels are in their order. */
        void add(double value, String... labels);
    }

    /**
     * Made and used as older versions of the library have it, too: a framework may have put one in the place of ours. For the same
     * reason nothing is said of escaping, which no name here needs.
     */
    @SuppressWarnings("deprecation") // what is to be used instead is not in those
    private static final PrometheusTextFormatWriter WRITER = new PrometheusTextFormatWriter(false);

    /** Not the library's static one: there may be several servers in a process. */
    private final PrometheusRegistry registry = new PrometheusRegistry();

    void gauge(String name, String help, DoubleSupplier value) {
        gauge(name, help, List.of(), values -> values.add(value.getAsDouble()));
    }

    void gauge(String name, String help, List<String> labels, Consumer<Values> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .callback(callback -> values.accept(callback::call))
                .register(registry);
    }

    void counter(String name, String help, DoubleSupplier value) {
        counter(name, help, List.of(), values -> values.add(value.getAsDouble()));
    }

    void counter(String name, String help, List<String> labels, Consumer<Values> values) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .callback(callback -> values.accept(callback::call))
                .register(registry);
    }

    /** A family whose labels are what it has to tell: always 1. Its name ends in {@code _info}. */
    void info(String name, String help, List<String> labels, String... values) {
        Info.builder()
                .name(name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .register(registry)
                .setLabelValues(values);
    }

    /** A family that is kept up; a bucket without a bound is added to these. */
    Histogram histogram(String name, String help, double... upperBounds) {
        Histogram.Builder builder =
                Histogram.builder().name(name).help(help).classicOnly().classicUpperBounds(upperBounds);
        builder.withoutExemplars();
        return builder.register(registry);
    }

    /**
     * What the Java runtime tells of itself.
     *
     * <p>Those families of the library that read when they are asked: one more leaves a listener behind in the JVM, and would
     * keep a server that has ended.
     */
    void addRuntime() {
        JvmMemoryMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
        JvmBufferPoolMetrics.builder().register(registry);
        JvmRuntimeInfoMetric.builder().register(registry);
        ProcessMetrics.builder().register(registry);
    }

    String text() {
        var bytes = new ByteArrayOutputStream(16 * 1024);
        try {
            WRITER.write(bytes, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
