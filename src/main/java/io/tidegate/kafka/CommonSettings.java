package io.tidegate.kafka;

import static java.util.Objects.requireNonNull;

import io.tidegate.settings.ForeignSettings;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/** What all clients of Kafka know and an operator may set: how brokers are reached and convinced. */
final class CommonSettings implements ForeignSettings {

    /** Set here; and what would let values come from somewhere else, where nobody sees whether they are right. */
    private static final Set<String> OURS = Set.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            "bootstrap.resolve.timeout.ms",
            CommonClientConfigs.CLIENT_ID_CONFIG,
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
            CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG,
            AbstractConfig.CONFIG_PROVIDERS_CONFIG);

    /** Made when somebody sets something: it takes much of Kafka's code, and most servers have none of this. */
    private static final class Definitions {

        static final Map<String, ConfigKey> KEYS = ProducerConfig.configDef().configKeys();

        static final Set<String> NAMES = names();

        private static Set<String> names() {
            Set<String> common = new TreeSet<>(ProducerConfig.configNames());
            common.retainAll(ConsumerConfig.configNames());
            common.retainAll(AdminClientConfig.configNames());
            common.removeAll(OURS);
            return Set.copyOf(common);
        }
    }

    @Override
    public Set<String> names() {
        return Definitions.NAMES;
    }

    @Override
    public String whichNames() {
        return "what all clients of Kafka know, such as security.protocol, ssl.… and sasl.…, and the server does not set itself";
    }

    @Override
    public boolean isSecret(String name) {
        return key(name).type == ConfigDef.Type.PASSWORD;
    }

    @Override
    public Optional<String> allowedInstead(String name, String value) {
        ConfigKey key = key(name);
        try {
            Object parsed = ConfigDef.parseType(name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(name, parsed);
            }
            return Optional.empty();
        } catch (ConfigException e) {
            return Optional.of(key.validator == null ? words(key.type) : key.validator.toString());
        }
    }

    private static ConfigKey key(String name) {
        return requireNonNull(Definitions.KEYS.get(name));
    }

    private static String words(ConfigDef.Type type) {
        return switch (type) {
            case BOOLEAN -> "true or false";
            case SHORT, INT, LONG -> "a whole number";
            case DOUBLE -> "a number";
            case CLASS -> "the name of a class that is there";
            case LIST -> "a list";
            case STRING, PASSWORD -> "a text";
        };
    }
}
