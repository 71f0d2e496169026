package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a document has its key. */
class KeyPathTest {

    private static String key(String path, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return KeyPath.parse(path).keyOf(bytes, 0, bytes.length).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id | {'id':'a'} | a",
                "id | {'other':{'id':'wrong'},'list':['id'],'id':'a'} | a",
                "id | {'id':17} | 17",
                "id | {'id':1.50} | 1.50",
                "properties.code | {'code':1,'properties':{'id':2,'code':'x'}} | x",
                "name | {'name':'Köln'} | Köln",
                "city | {'city':'New York'} | New York",
            })
    void theKeyIsTheFieldsText(String path, String json, String key) {
        assertThat(key(path, json.replace('\'', '"'))).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id | {'other':1} | it has no field 'id' for the key",
                "id | [1] | it has no field 'id' for the key",
                "a.b | {'a':1} | it has no field 'a.b' for the key",
                "id | {'id':null} | its field 'id' is neither a string nor a number",
                "id | {'id':{}} | its field 'id' is neither a string nor a number",
                "id | {'id':'a\\u009bb'} | its field 'id' cannot be the key: a key has no control characters",
                "id | {'id':''} | its field 'id' cannot be the key: a key has 1 to",
                "id | {'id':1} x | not JSON at character",
            })
    void aDocumentWithoutAUsableKeySaysWhy(String path, String json, String message) {
        assertThatThrownBy(() -> key(path, json.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
