package io.tidegate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.document.Json;
import io.tidegate.document.PublicationId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeParserTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"qty\":5}",
                "[1,[2,{\"a\":\"}\"}]]",
                "\"text with \\\" and }\"",
                "\"ünï\\u00e9\"",
                "-1.50e3",
                "0",
                "true",
                "null",
                "{}",
                "\"\""
            })
    void aValueStaysAsItWasWritten(String value) throws Exception {
        Change put = Change.put("orders", "o-17", value);
        assertThat(parse("{\"collection\":\"orders\",\"key\":\"o-17\",\"value\":" + value + "}"))
                .isEqualTo(put);
        assertThat(parse("{ \"value\" :  " + value + " , \"key\":\"o-17\", \"collection\" : \"orders\" }"))
                .isEqualTo(put);
    }

    @Test
    void aDeleteIsSaid() throws Exception {
        assertThat(parse("{\"event\":\"delete\",\"collection\":\"orders\",\"key\":\"o-17\"}"))
                .isEqualTo(Change.delete("orders", "o-17"));
        assertThat(parse("{\"key\":\"o-17\",\"collection\":\"orders\",\"event\":\"delete\"}"))
                .isEqualTo(Change.delete("orders", "o-17"));
    }

    @Test
    void whatSteersATerminalIsNotRepeated() {
        assertThatThrownBy(() -> parse("{\"collection\":\"c\",\"key\":\"k\",\"\u202evalue\":1}"))
                .hasMessageContaining("a change has no member \"U+202Evalue\"");
    }

    @Test
    void namesAreUnescaped() throws Exception {
        assertThat(parse("{\"collection\":\"\\u00fc\",\"key\":\"a\\\"b\",\"value\":1}"))
                .isEqualTo(Change.put("ü", "a\"b", "1"));
    }

    @Test
    void aValueIsAsDeepAsInAPut() throws Exception {
        String deepest = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
        assertThat(parse("{\"collection\":\"c\",\"key\":\"k\",\"value\":" + deepest + "}"))
                .isEqualTo(Change.put("c", "k", deepest));
        assertThatThrownBy(() -> parse("{\"collection\":\"c\",\"key\":\"k\",\"value\":[" + deepest + "]}"))
                .isInstanceOf(RequestException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event\":\"subscribed\",\"epoch\":\"e\",\"seq\":7}",
                "{\"event\":\"synced\",\"epoch\":\"e\",\"seq\":7,\"documents\":2}",
                "{\"event\":\"resync\",\"reason\":\"trimmed\"}",
                "{\"event\":\"heartbeat\",\"seq\":7}",
                "{\"event\":\"goodbye\",\"reason\":\"shutdown\",\"epoch\":\"e\",\"seq\":7,\"reconnectAfterMs\":3,\"comeBack\":\"as-is\"}",
                "{\"event\":\"authenticated\",\"identity\":\"desk\",\"read\":[\"*\"],\"write\":[],\"admin\":false}",
                "{\"event\":\"expiring\",\"inMs\":60000}",
                "{\"event\":\"accepted\",\"seq\":7}",
                "{\"event\":\"pong\"}",
                "{\"event\":\"help\",\"requests\":[\"sync\"]}"
            })
    void eventsThatChangeNothingArePassedOver(String line) throws Exception {
        assertThat(parse(line)).isNull();
    }

    @Test
    void eventLinesOfAServerAreChangesToo() throws Exception {
        assertThat(parse("{\"event\":\"put\",\"seq\":7,\"collection\":\"c\",\"key\":\"k\",\"value\":1}"))
                .isEqualTo(Change.put("c", "k", "1"));
        assertThat(parse("{\"event\":\"document\",\"collection\":\"c\",\"key\":\"k\",\"value\":{\"more\":[]}}"))
                .isEqualTo(Change.put("c", "k", "{\"more\":[]}"));
        assertThat(parse("{\"event\":\"delete\",\"seq\":8,\"collection\":\"c\",\"key\":\"k\"}"))
                .isEqualTo(Change.delete("c", "k"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"collection\":\"c\",\"value\":1} | bad-request | names its collection and its key",
                "{\"key\":\"k\",\"value\":1} | bad-request | names its collection and its key",
                "{\"collection\":1,\"key\":\"k\"} | bad-request | collection has to be a string",
                "{\"collection\":\"c d\",\"key\":\"k\"} | bad-request | collection",
                "{\"collection\":\"c\",\"key\":\"\"} | bad-request | key",
                "{\"collection\":\"c\",\"key\":\"k\",\"value\":1,\"id\":7} | bad-request | id has to be a string",
                "{\"collection\":\"c\",\"key\":\"k\",\"value\":1,\"id\":\"a b\"} | bad-request | an id of a change is 1 to 128",
                "{\"collection\":\"c\",\"key\":\"k\",\"value\":1,\"id\":\"\"} | bad-request | an id of a change is 1 to 128",
                "{\"collection\":\"c\",\"key\":\"k\",\"value\":1,\"id\":\"a\",\"id\":\"a\"} | bad-request | id is there twice",
                "[1] | bad-request | a change is an object",
                "{\"collection\":\"c\",\"key\":\"k\"} 1 | bad-request | nothing behind it",
                "{\"event\":\"synced\",\"collection\":\"c\",\"key\":\"k\"} | bad-request | is no change",
                "{\"event\":\"put\",\"collection\":\"c\",\"key\":\"k\"} | bad-request | a put has a value",
                "{\"collection\":\"c\",\"key\":\"k\"} | bad-request | a put has a value",
                "{\"collection\":\"c\",\"key\":\"k\",\"vlaue\":1} | bad-request | no member \"vlaue\"",
                "{\"collection\":\"c\",\"key\":\"k\",\"value\":1,\"ttl\":1} | bad-request | no member \"ttl\"",
                "{\"collection\":\"c\",\"key\":\"k\",\"value\":1,\"\":1} | bad-request | no member \"\"",
                "{\"event\":\"delete\",\"collection\":\"c\",\"key\":\"k\",\"Value\":1} | bad-request | no member \"Value\"",
                "{\"collection\":\"c\",\"key\":\"k\",\"value\":1,\"value\":2} | bad-request | value is there twice",
                "{\"collection\":\"c\",\"key\":\"k\",\"key\":\"l\",\"value\":1} | bad-request | key is there twice",
                "{\"event\":\"put\",\"event\":\"delete\",\"collection\":\"c\",\"key\":\"k\"} | bad-request | event is there twice",
                "{\"event\":\"heartbeat\",\"key\":\"k\"} | bad-request | is no change",
                "{\"event\":\"Delete\",\"collection\":\"c\",\"key\":\"k\"} | bad-request | is no change",
                "{\"event\":\"error\",\"code\":\"store-failed\",\"message\":\"m\"} | bad-request | is not whole",
                "{} | bad-request | names its collection and its key",
                "{\"event\":\"delete\",\"collection\":\"c\",\"key\":\"k\",\"value\":1} | bad-request | a delete has no value",
                "{\"collection\":\"c\",\"key\":\"k\",\"value\":01} | invalid-json | not JSON",
                "{\"collection\":\"c\",\"key\":\"k\",\"value\": | invalid-json | not JSON",
                "{\"collection\":\"c\" | invalid-json | not JSON",
                "put c k 1 | invalid-json | not JSON"
            })
    void whatIsNoChangeIsRefusedWithWhatToDo(String line, String code, String message) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        refusal -> assertThat(refusal.code().code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    @Test
    void overlongUtf8IsRefused() {
        byte[] line = "{\"collection\":\"c\",\"key\":\"k\",\"value\":\"XX\"}".getBytes(StandardCharsets.US_ASCII);
        line[line.length - 4] = (byte) 0xc0;
        line[line.length - 3] = (byte) 0xaf;
        assertThatThrownBy(() -> new Line.Text(line, 0, line.length).change()).hasMessageContaining("UTF-8");
    }

    @Test
    void aChangeMayHaveAnId() throws Exception {
        assertThat(read("{\"id\":\"f81d4fae\",\"collection\":\"c\",\"key\":\"k\",\"value\":1}"))
                .isEqualTo(new Request.Publish(Change.put("c", "k", "1"), new PublicationId("f81d4fae")));
        assertThat(read("{\"event\":\"delete\",\"collection\":\"c\",\"key\":\"k\",\"id\":\"a-1\"}"))
                .isEqualTo(new Request.Publish(Change.delete("c", "k"), new PublicationId("a-1")));
    }

    private static @Nullable Change parse(String line) throws RequestException {
        Request.Publish read = read(line);
        return read == null ? null : read.change();
    }

    private static Request.@Nullable Publish read(String line) throws RequestException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return new Line.Text(bytes, 0, bytes.length).change();
    }
}
