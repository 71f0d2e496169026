package io.tidegate.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings like others, but for what is changed. */
public final class KafkaSettingsChange {

    private final KafkaSettings from;

    private List<String> servers;
    private int replicationFactor;
    private int minInsyncReplicas;
    private Duration requestTimeout;
    private Duration deliveryTimeout;
    private Duration checkInterval;
    private Optional<Path> clientFile;
    private Map<String, String> client;

    public KafkaSettingsChange(KafkaSettings from) {
        this.from = from;
        servers = from.bootstrapServers();
        replicationFactor = from.replicationFactor();
        minInsyncReplicas = from.minInsyncReplicas();
        requestTimeout = from.requestTimeout();
        deliveryTimeout = from.deliveryTimeout();
        checkInterval = from.checkInterval();
        clientFile = from.clientFile();
        client = from.client();
    }

    public KafkaSettingsChange servers(String... addresses) {
        servers = List.of(addresses);
        return this;
    }

    public KafkaSettingsChange replicas(int factor, int minInsync) {
        replicationFactor = factor;
        minInsyncReplicas = minInsync;
        return this;
    }

    public KafkaSettingsChange timeouts(Duration request, Duration delivery) {
        requestTimeout = request;
        deliveryTimeout = delivery;
        return this;
    }

    public KafkaSettingsChange checkInterval(Duration interval) {
        checkInterval = interval;
        return this;
    }

    public KafkaSettingsChange client(Optional<Path> file, Map<String, String> settings) {
        clientFile = file;
        client = settings;
        return this;
    }

    public KafkaSettings settings() {
        return new KafkaSettings(
                servers,
                from.topic(),
                replicationFactor,
                minInsyncReplicas,
                from.maxMessageBytes(),
                requestTimeout,
                deliveryTimeout,
                checkInterval,
                clientFile,
                client);
    }
}
