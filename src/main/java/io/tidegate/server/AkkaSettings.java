package io.tidegate.server;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Settings for Akka itself, which may stand beside ours. Only Akka knows what they may be, and it tells by the names of classes. */
final class AkkaSettings {

    /** So many are named; who has set more has to look for it among them. */
    private static final int MOST_NAMED = 5;

    /** What is shorter may stand in a text by chance. */
    private static final int LONG_NAME = 8;

    private static final int LONG_VALUE = 3;

    private AkkaSettings() {}

    /**
     * Starts an actor system with all its threads.
     *
     * @param made is told of it as soon as there is one, which has to be ended
     * @throws StartException if it does not start with what is set for it
     */
    static ActorSystem<Void> start(Config complete, ServerSettings settings, Consumer<ActorSystem<Void>> made)
            throws StartException {
        try {
            ActorSystem<Void> system = ActorSystem.create(
                    Behaviors.empty(),
                    "tidegate",
                    ConfigFactory.parseMap(settings.drain().phaseTimeouts()).withFallback(complete));
            made.accept(system);
            Dispatchers.startThreads(system, settings.order().opening().isPresent());
            return system;
        } catch (Exception e) {
            // Any: of Scala's code the compiler does not know what it throws.
            throw complaint(complete, e)
                    .orElseThrow(() -> e instanceof RuntimeException bug ? bug : new IllegalStateException(e));
        }
    }

    /** What to say when Akka did not start; empty if nobody has set anything of it, so that it is no wrong setting. */
    private static Optional<StartException> complaint(Config complete, Exception failure) {
        Map<String, ConfigValue> told = told(complete);
        if (told.isEmpty()) {
            return Optional.empty();
        }
        String said = said(failure);
        List<String> suspects = told.entrySet().stream()
                .filter(each -> isMeant(each.getKey(), each.getValue(), said))
                .map(each -> named(each.getKey(), each.getValue().origin()))
                .toList();
        List<String> named = suspects.isEmpty()
                ? told.entrySet().stream()
                        .map(each -> named(each.getKey(), each.getValue().origin()))
                        .toList()
                : suspects;
        return Optional.of(new StartException(
                "Akka does not start with what is set for it: "
                        + named.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                        + (named.size() > MOST_NAMED ? ", …" : "")
                        + ". What it takes is in Akka's own reference.conf",
                failure));
    }

    private static Map<String, ConfigValue> told(Config complete) {
        Config defaults;
        try {
            defaults = ServerConfig.complete(ConfigFactory.empty());
        } catch (StartException e) {
            throw new IllegalStateException(e);
        }
        Map<String, ConfigValue> told = new TreeMap<>();
        for (String section : List.of("akka", "tidegate-dispatchers")) {
            complete.withOnlyPath(section).entrySet().forEach(each -> {
                if (!isDefault(each.getKey(), each.getValue(), defaults)) {
                    told.put(each.getKey(), each.getValue());
                }
            });
        }
        return told;
    }

    private static boolean isDefault(String key, ConfigValue value, Config defaults) {
        try {
            return defaults.hasPath(key) && defaults.getValue(key).equals(value);
        } catch (ConfigException e) {
            // A value stands where there is a section.
            return false;
        }
    }

    private static String named(String key, ConfigOrigin origin) {
        if (origin.filename() != null) {
            return key + " (" + origin.description() + ")";
        }
        return origin.description().contains("system properties") ? "-D" + key : key;
    }

    /** As far as that can be known: some failures name the key, some its end, some only the value. */
    private static boolean isMeant(String key, ConfigValue value, String said) {
        String end = key.substring(key.lastIndexOf('.') + 1);
        String text = String.valueOf(value.unwrapped());
        return said.contains(key)
                || (end.length() >= LONG_NAME && said.contains(end))
                || (text.length() >= LONG_VALUE && said.contains(text));
    }

    private static String said(Exception failure) {
        var said = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            said.append(each.getMessage()).append('\n');
        }
        return said.toString();
    }
}
