package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file looks like that is not JSON. */
class FileLookTest {

    private static String look(String text, Charset charset) {
        byte[] bytes = ("??" + text).getBytes(charset);
        int from = "??".getBytes(charset).length;
        return FileLook.of(bytes, from, bytes.length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "id,name | looks like CSV",
                "\"id\";\"name\" | looks like CSV",
                "1\t2 | looks like CSV",
                "<html> | looks like XML or HTML",
                "{ | a document of several lines",
                "{ \"a\": | a document of several lines",
            })
    void itIsNamed(String line, String what) {
        assertThat(look(line, StandardCharsets.UTF_8)).contains(what);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"tru", "{'id':1}", "''"})
    void whatTellsNothingIsNot(String line) {
        assertThat(look(line, StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void otherEncodingsAreKnownByTheirFirstBytes() {
        assertThat(look("[1]", StandardCharsets.UTF_16LE)).contains("UTF-16");
        assertThat(look("[1]", StandardCharsets.UTF_16BE)).contains("UTF-16");
        assertThat(look("\u001f\u008b\b", StandardCharsets.ISO_8859_1)).contains("gunzip");
        assertThat(look("\u007fELF\u0002\u0001,;", StandardCharsets.ISO_8859_1)).contains("a binary file");
        assertThat(look("PK\u0003\u0004", StandardCharsets.ISO_8859_1)).contains("a zip archive");
    }
}
