package io.tidegate.cli;

import io.tidegate.ledger.Verb;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What commands ask of a running server. There are two ways in: the JVM's attach API, which needs the same user and machine, and
 * HTTP. Where a method fails, the command ends with what the server says, or with what was in the way.
 *
 * <p>Its text names the server in the middle of a sentence.
 */
sealed interface ServerControl extends AutoCloseable permits ServerLink, AdminLink {

    /**
     * How a drain stands.
     *
     * @param phase its number; 0 if the server is not draining (any more)
     * @param line the same for people
     */
    record Drain(int phase, String line) {}

    /** What its user calls it by. */
    String name();

    /** Its open connections, each with its fields by name. */
    List<Map<String, Object>> open() throws CommandEnd;

    /** Its connections that ended last. */
    List<Map<String, Object>> ended(int most) throws CommandEnd;

    /**
     * Ends connections and says how many that were.
     *
     * @param which an id, {@code listener=NAME}, {@code remote=ADDRESS} or {@code identity=NAME}
     */
    int end(Verb how, String which) throws CommandEnd;

    /** The nodes of its feed that it knows, itself first. */
    List<Map<String, Object>> nodes() throws CommandEnd;

    /** Has it read files anew; what came of each, by name. */
    List<Map<String, Object>> reload() throws CommandEnd;

    /** What a stop would take now, by name. */
    Map<String, Object> forecast() throws CommandEnd;

    /** Tells the server to drain and does not wait for it. */
    void shutdown() throws CommandEnd;

    /** Makes it run on. */
    void cancelShutdown() throws CommandEnd;

    /** Empty if the server can not say now, or no more. */
    Optional<Drain> drain();

    /**
     * The report of the drain when it comes, its figures by name and all of it as a {@code line} for people; never if the server is
     * gone before. To be called before the shutdown.
     */
    CompletableFuture<Map<String, Object>> report() throws CommandEnd;

    /** Completes when the server is gone. To be called before the shutdown. */
    CompletableFuture<?> gone();

    @Override
    void close();
}
