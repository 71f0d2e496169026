package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a document has its key. */
class KeyPathTest {

    private static String key(String path, String json) {
        return KeyRule.fields(path).keyOf(Json.of(json), 1).text();
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
                "year,country | {'country':'Costa Rica','year':1955} | 1955,Costa Rica",
                "a.b,a.c | {'a':{'c':2,'b':1}} | 1,2",
            })
    void theKeyIsTheFieldsText(String path, String json, String key) {
        assertThat(key(path, json.replace('\'', '"'))).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id | {'other':1} | it has no field 'id' for the key",
                "id | [1] | it is not an object",
                "a.b | {'a':1} | it has no field 'a.b' for the key",
                "id | {'id':null} | its field 'id' is neither a string nor a number",
                "id | {'id':{}} | its field 'id' is neither a string nor a number",
                "id | {'id':'a\\u009bb'} | its field 'id' cannot be the key: a key has no control characters",
                "id | {'id':''} | its field 'id' cannot be the key: a key has 1 to",
                "id | {'id':1,'id':1} | it has the field 'id' twice",
                "a.b | {'a':{'b':1},'a':{'c':1}} | it has the field 'a.b' twice",
                "id,a | {'id':1} | it has no field 'a' for the key",
                "id,a | {'id':1,'a':'\\u0007'} | its fields 'id,a' cannot be the key: a key has no control",
            })
    void aDocumentWithoutAUsableKeySaysWhy(String path, String json, String message) {
        assertThatThrownBy(() -> key(path, json.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
