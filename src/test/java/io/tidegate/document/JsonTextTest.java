package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {

    @Test
    void writesMapsInTheirOrderListsNumbersAndTruthValues() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", "a/é");
        fields.put("count", Long.MAX_VALUE);
        fields.put("ratio", 0.5);
        fields.put("list", List.of(true, Map.of(), List.of()));

        assertThat(JsonText.of(fields))
                .isEqualTo("{\"name\":\"a/é\",\"count\":9223372036854775807,\"ratio\":0.5,\"list\":[true,{},[]]}");
    }

    @Test
    void quotesWhatIsNoFiniteNumber() {
        assertThat(JsonText.of(List.of(Double.NaN, Double.POSITIVE_INFINITY, 1e300, 12.0)))
                .isEqualTo("[\"NaN\",\"Infinity\",1.0E300,12.0]");
    }

    @Test
    void writesTextOfAnyKindInOneLine() {
        String written = new String(JsonText.line("\"\\\n\t\0\u001b\ud800"), StandardCharsets.UTF_8);

        assertThat(written).isEqualTo("\"\\\"\\\\\\n\\t\\u0000\\u001B?\"\n");
    }
}
