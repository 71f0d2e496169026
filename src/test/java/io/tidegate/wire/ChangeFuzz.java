package io.tidegate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.document.Change;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.document.Visible;
import io.tidegate.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;

/** Changes in lines of JSON, as many are sent in one request: a line is one change, or none, or told why it is neither. */
class ChangeFuzz {

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void aChangeIsTheSameWhenItIsPrintedAndReadAgain(byte[] bytes) throws RequestException {
        Request.Publish change = null;
        try {
            change = new Line.Text(bytes, 0, bytes.length).change();
        } catch (RequestException e) {
            assertThat(Visible.of(e.message()))
                    .as("what cannot be seen is not repeated")
                    .isEqualTo(e.message());
        }
        if (change != null) {
            assertThat(Lines.text(printed(change)).change()).isEqualTo(change);
        }
    }

    private static String printed(Request.Publish publish) {
        Change change = publish.change();
        var line = new Utf8Buffer(256);
        line.put(utf8(change instanceof Change.Put ? "{\"event\":\"put\"" : "{\"event\":\"delete\""));
        line.put(utf8(",\"collection\":")).putJsonString(change.collection().name());
        line.put(utf8(",\"key\":")).putJsonString(change.key().text());
        if (change instanceof Change.Put put) {
            line.put(utf8(",\"value\":")).put(utf8(put.value().toString()));
        }
        if (publish.id() != null) {
            line.put(utf8(",\"id\":")).putJsonString(publish.id().text());
        }
        return new String(line.put(utf8("}")).toArray(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
