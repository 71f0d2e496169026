package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text in the format of Prometheus, read as strictly as a scraper reads it.
 *
 * @param types of the families, by name
 * @param samples values by name and labels, as they are written
 */
record MetricsText(Map<String, String> types, Map<String, Double> samples) {

    private static final Pattern HELP = Pattern.compile("# HELP ([a-z_:][a-z0-9_:]*) \\S.*");
    private static final Pattern TYPE =
            Pattern.compile("# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge|histogram|summary)");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-z_:][a-z0-9_:]*)(\\{[a-z_][a-z0-9_]*=\"[^\"\\\\]*\"(?:,[a-z_][a-z0-9_]*=\"[^\"\\\\]*\")*})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_][a-z0-9_]*)=\"([^\"]*)\"");

    static MetricsText parse(String text) {
        assertThat(text).endsWith("\n").doesNotContain("\r");
        var parsed = new MetricsText(new LinkedHashMap<>(), new LinkedHashMap<>());
        String family = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                Matcher type = match(TYPE, line);
                assertThat(type.group(1)).as("TYPE follows its HELP").isEqualTo(family);
                assertThat(parsed.types.put(family, type.group(2)))
                        .as("a second TYPE: %s", line)
                        .isNull();
            } else if (line.startsWith("# ")) {
                family = match(HELP, line).group(1);
            } else {
                parsed.addSample(family, match(SAMPLE, line));
            }
        }
        parsed.requireWholeHistograms();
        return parsed;
    }

    private static Matcher match(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        assertThat(matcher.matches()).as("%s is %s", line, pattern).isTrue();
        return matcher;
    }

    private void addSample(String family, Matcher sample) {
        String suffix = sample.group(1).substring(family.length());
        assertThat(sample.group(1)).as("a sample stands under its family").startsWith(family);
        switch (String.valueOf(types.get(family))) {
            case "counter" -> assertThat(family + suffix).isEqualTo(family).endsWith("_total");
            case "gauge" -> assertThat(suffix).isEmpty();
            case "histogram" -> assertThat(suffix).isIn("_bucket", "_count", "_sum");
            default -> assertThat(suffix).isIn("", "_count", "_sum");
        }
        String key = sample.group(1) + (sample.group(2) == null ? "" : sample.group(2));
        double value = Double.parseDouble(sample.group(3).replace("Inf", "Infinity"));
        assertThat(samples.put(key, value)).as("a second value of %s", key).isNull();
    }

    /** Buckets count all that is below their bound, and the last one counts all. */
    private void requireWholeHistograms() {
        types.forEach((family, type) -> {
            if (type.equals("histogram")) {
                double last = 0;
                for (var sample : samples.entrySet()) {
                    if (sample.getKey().startsWith(family + "_bucket{")) {
                        assertThat(sample.getValue()).as(sample.getKey()).isGreaterThanOrEqualTo(last);
                        last = sample.getValue();
                    }
                }
                assertThat(value(family + "_bucket{le=\"+Inf\"}"))
                        .isEqualTo(last)
                        .isEqualTo(value(family + "_count"));
            }
        });
    }

    /** What a server shows as one value; {@code none} if it does not. */
    static String shown(Tidegate server, String nameAndLabels) {
        String name = nameAndLabels + " ";
        return server.metrics()
                .toCompletableFuture()
                .join()
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findAny()
                .orElse("none");
    }

    double value(String nameAndLabels) {
        Double value = samples.get(nameAndLabels);
        assertThat(value).as("the value of %s", nameAndLabels).isNotNull();
        return value;
    }

    /** The labels that each family has, without a histogram's bounds. */
    Map<String, Set<String>> labels() {
        Map<String, Set<String>> labels = new TreeMap<>();
        types.keySet().forEach(family -> labels.put(family, new TreeSet<>()));
        samples.keySet().forEach(sample -> {
            String name = sample.replaceAll("\\{.*", "");
            String family = types.containsKey(name) ? name : name.replaceAll("_(bucket|count|sum)$", "");
            Matcher label = LABEL.matcher(sample);
            while (label.find()) {
                if (!label.group(1).equals("le")) {
                    labels.computeIfAbsent(family, unknown -> new TreeSet<>()).add(label.group(1));
                }
            }
        });
        return labels;
    }
}
