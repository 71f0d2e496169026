package io.tidegate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Document;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Events as they stand on the wire, letter by letter. */
class EventsTest {

    private static final Position POSITION = new Position("k7f3", 1042);

    private static String written(Consumer<Utf8Buffer> event) {
        var buffer = new Utf8Buffer(16);
        event.accept(buffer);
        return new String(buffer.toArray(), StandardCharsets.UTF_8);
    }

    private static Document document(String collection, String key, String json) {
        return new Document(new Collection(collection), new Key(key), 1, Json.of(json));
    }

    @Test
    void documents() {
        assertThat(written(target -> Events.document(document("orders", "o-17", "{\"qty\":5}"), target)))
                .isEqualTo(
                        """
                        {"event":"document","collection":"orders","key":"o-17","value":{"qty":5}}
                        """);
    }

    @Test
    void synced() {
        assertThat(written(target -> Events.synced(POSITION, 311, target)))
                .isEqualTo(
                        """
                        {"event":"synced","epoch":"k7f3","seq":1042,"documents":311}
                        """);
    }

    @Test
    void subscribed() {
        assertThat(written(target -> Events.subscribed(POSITION, target)))
                .isEqualTo(
                        """
                        {"event":"subscribed","epoch":"k7f3","seq":1042}
                        """);
    }

    @Test
    void putsAndDeletes() {
        var put = new Update(1043, Change.put("orders", "o-17", "{\"qty\":6}"));
        var delete = new Update(1044, Change.delete("orders", "o-17"));

        assertThat(written(target -> {
                    Events.update(put, target);
                    Events.update(delete, target);
                }))
                .isEqualTo(
                        """
                        {"event":"put","seq":1043,"collection":"orders","key":"o-17","value":{"qty":6}}
                        {"event":"delete","seq":1044,"collection":"orders","key":"o-17"}
                        """);
    }

    @Test
    void anUpdateTellsWhereItsKeyBegins() {
        for (String collection : List.of("orders", "\"c\\,\"key\":\"", "\u20ac\ud83d\ude00")) {
            for (Change change :
                    List.of(Change.put(collection, "o-17", "{\"key\":1}"), Change.delete(collection, "o-17"))) {
                var target = new Utf8Buffer(16);
                target.put(new byte[7]);

                int start = Events.update(new Update(1043, change), target);

                String fromTheKey = new String(target.array(), 7 + start, 5, StandardCharsets.US_ASCII);
                assertThat(fromTheKey).isEqualTo("o-17\"");
            }
        }
    }

    @Test
    void acceptedAndHeartbeat() {
        assertThat(written(target -> Events.accepted(1043, target)))
                .isEqualTo("{\"event\":\"accepted\",\"seq\":1043}\n");
        assertThat(written(target -> Events.heartbeat(Long.MAX_VALUE, target)))
                .isEqualTo("{\"event\":\"heartbeat\",\"seq\":9223372036854775807}\n");
    }

    @Test
    void resyncAndGoodbye() {
        assertThat(written(target -> Events.resync("the log was \"cut\"", target)))
                .isEqualTo("{\"event\":\"resync\",\"reason\":\"the log was \\\"cut\\\"\"}\n");
        assertThat(written(target ->
                        Events.goodbye("shutdown", new Position("k7f3", 1044), 250, "as-is", List.of(), target)))
                .isEqualTo(
                        """
                        {"event":"goodbye","reason":"shutdown","epoch":"k7f3","seq":1044,"reconnectAfterMs":250,"comeBack":"as-is"}
                        """);
    }

    @Test
    void aGoodbyeNamesWhereElseAClientCanGoOn() {
        List<String> nodes = List.of("b.example:8989", "[::1]:8989");

        assertThat(written(target -> Events.goodbye("shutdown", POSITION, 250, "as-is", nodes, target)))
                .endsWith(",\"comeBack\":\"as-is\",\"nodes\":[\"b.example:8989\",\"[::1]:8989\"]}\n");
    }

    @Test
    void errors() {
        assertThat(written(target -> Events.error(ErrorCode.BAD_REQUEST, "say it again", target)))
                .isEqualTo(
                        """
                        {"event":"error","code":"bad-request","message":"say it again"}
                        """);
    }

    @Test
    void pongAndHelp() {
        assertThat(written(Events::pong)).isEqualTo("{\"event\":\"pong\"}\n");
        assertThat(written(Events::help))
                .startsWith("{\"event\":\"help\",\"requests\":[\"sync [selector...]\",")
                .contains("put <collection> <key> [@id=<id>] <json>", "delete <collection> <key> [@id=<id>]", "quit");
    }

    @Test
    void everyEventIsOneLineOfJsonWithItsKindFirst() throws IOException {
        String nasty = "\"\\/\b\u0001\u2028\u00e9\ud83d\ude00";
        List<Consumer<Utf8Buffer>> events = List.of(
                target -> Events.document(document("\"c\\", "\u00e9\"\ud83d\ude00", "\"\\n\u2028\""), target),
                target -> Events.update(new Update(1, Change.put("\"c\\", "{\u20ac}", "[ 1 , {} ]")), target),
                target -> Events.update(new Update(2, Change.delete("\\", "\"")), target),
                target -> Events.accepted(0, target),
                target -> Events.heartbeat(0, target),
                target -> Events.synced(POSITION, 0, target),
                target -> Events.subscribed(POSITION, target),
                target -> Events.resync(nasty + "\n", target),
                target -> Events.goodbye(nasty, POSITION, 0, nasty, List.of(nasty, nasty), target),
                target -> Events.error(ErrorCode.INVALID_JSON, nasty + "\r\n", target),
                Events::pong,
                Events::help);
        for (Consumer<Utf8Buffer> event : events) {
            String line = written(event);

            assertThat(line).endsWith("}\n").doesNotContain("\r");
            assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
            assertThat(Json.of(line.strip())).hasToString(line.strip());
            assertThat(firstField(line)).isEqualTo("event");
        }
    }

    private static String firstField(String line) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            return parser.nextFieldName();
        }
    }

    @Test
    void aMessageMadeOfAClientsMistakeIsStillOneLine() {
        var mistake = new RequestException(ErrorCode.INVALID_JSON, "unexpected \"\u0007\" in line\n2");

        String line = written(target -> Events.error(mistake.code(), mistake.message(), target));

        assertThat(line)
                .isEqualTo("{\"event\":\"error\",\"code\":\"invalid-json\","
                        + "\"message\":\"unexpected \\\"\\u0007\\\" in line\\u000a2\"}\n");
    }
}
