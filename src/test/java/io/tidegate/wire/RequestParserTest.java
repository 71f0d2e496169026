package io.tidegate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of a request, and every mistake with its code. */
class RequestParserTest {

    private static final int MAX_SELECTION_BYTES = 2000;

    private static Request parsed(String line) throws RequestException {
        return parsed(line.getBytes(StandardCharsets.UTF_8));
    }

    private static Request parsed(byte[] line) throws RequestException {
        // Surrounded by other bytes, as it is within a chunk.
        byte[] chunk = new byte[line.length + 20];
        Arrays.fill(chunk, (byte) '9');
        System.arraycopy(line, 0, chunk, 10, line.length);
        return new Line.Text(chunk, 10, 10 + line.length).request(MAX_SELECTION_BYTES);
    }

    private static Selection selection(String... names) {
        return Selection.ofCollections(Arrays.stream(names).map(Collection::new).toList());
    }

    @Test
    void syncNamesCollectionsOrNone() throws RequestException {
        assertThat(parsed("sync")).isEqualTo(new Request.Sync(Selection.ALL));
        assertThat(parsed("sync orders")).isEqualTo(new Request.Sync(selection("orders")));
        assertThat(parsed("sync b a b")).isEqualTo(new Request.Sync(selection("a", "b")));
    }

    @Test
    void updatesMayNameAPositionAndCollections() throws RequestException {
        var position = new Position("k7f3", 1042);

        assertThat(parsed("updates")).isEqualTo(new Request.Updates(null, false, Selection.ALL));
        assertThat(parsed("updates orders users"))
                .isEqualTo(new Request.Updates(null, false, selection("orders", "users")));
        assertThat(parsed("updates after k7f3:1042")).isEqualTo(new Request.Updates(position, false, Selection.ALL));
        assertThat(parsed("updates after k7f3:1042 orders"))
                .isEqualTo(new Request.Updates(position, false, selection("orders")));
    }

    @Test
    void followMayNameAPositionAndCollections() throws RequestException {
        var position = new Position("k7f3", 0);

        assertThat(parsed("follow")).isEqualTo(new Request.Follow(null, false, Selection.ALL));
        assertThat(parsed("follow orders")).isEqualTo(new Request.Follow(null, false, selection("orders")));
        assertThat(parsed("follow after k7f3:0")).isEqualTo(new Request.Follow(position, false, Selection.ALL));
        assertThat(parsed("follow after k7f3:0 a b"))
                .isEqualTo(new Request.Follow(position, false, selection("a", "b")));
    }

    @Test
    void putTakesTheRestOfTheLineAsItsValue() throws RequestException {
        assertThat(parsed("put orders o-17 {\"qty\": 5, \"note\": \"two  words\"} "))
                .isEqualTo(new Request.Publish(Change.put("orders", "o-17", "{\"qty\": 5, \"note\": \"two  words\"}")));
        assertThat(parsed("put a k \t 1\t")).isEqualTo(new Request.Publish(Change.put("a", "k", "1")));
        assertThat(parsed("put a after \"\u00e9\""))
                .isEqualTo(new Request.Publish(Change.put("a", "after", "\"\u00e9\"")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "updates", "follow", "follow latest", "follow after k7f3:17", "watch", "unwatch"})
    void selectorsThatAreTooLongTogetherAreRefusedBeforeTheyAreRead(String request) throws RequestException {
        // Each with a space.
        String longest = " orders/17".repeat(MAX_SELECTION_BYTES / 10);

        assertThat(parsed(request + longest)).isNotNull();
        assertThatExceptionOfType(RequestException.class).isThrownBy(() -> parsed(request + longest + "8"));
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> parsed(request + " a".repeat(MAX_SELECTION_BYTES / 2) + " no/%"))
                .withMessageContaining("2005 bytes of selectors")
                .withMessageContaining("at most 2000")
                .withMessageContaining("tidegate.connection.selection-bytes")
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SELECTION_TOO_LARGE));
    }

    @Test
    void deleteNamesOneDocument() throws RequestException {
        assertThat(parsed("delete orders o-17")).isEqualTo(new Request.Publish(Change.delete("orders", "o-17")));
        assertThat(parsed("delete \u65e5\u672c \ud83d\ude00"))
                .isEqualTo(new Request.Publish(Change.delete("\u65e5\u672c", "\ud83d\ude00")));
    }

    @Test
    void aKeyIsPercentEncodedSoThatItMayHaveSpaces() throws RequestException {
        assertThat(parsed("delete cities New%20York"))
                .isEqualTo(new Request.Publish(Change.delete("cities", "New York")));
        assertThat(parsed("put cities K%C3%B6ln%2fDeutz 1"))
                .isEqualTo(new Request.Publish(Change.put("cities", "K\u00f6ln/Deutz", "1")));
        assertThat(parsed("put rates 100% 1")).isEqualTo(new Request.Publish(Change.put("rates", "100%", "1")));
        assertThat(parsed("delete a%20b k")).isEqualTo(new Request.Publish(Change.delete("a%20b", "k")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "put cities New York {} | not JSON at character 1: Unrecognized token 'York'; a space in a key is written %20",
                "put cities Costa  Rica 1 | not JSON at character 1: Unrecognized token 'Rica'; a space in a key is written %20",
                "delete cities New York | delete has too many words: a space in a key is written %20",
                "put cities Lima tru | not JSON at character 1: Unrecognized token 'tru'",
            })
    void whoDoesNotEncodeASpaceIsToldHow(String line, String message) {
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> parsed(line))
                .satisfies(mistake -> assertThat(mistake.message()).isEqualTo(message));
    }

    @Test
    void shortRequestsStandAlone() throws RequestException {
        assertThat(parsed("ping")).isEqualTo(new Request.Ping());
        assertThat(parsed("help")).isEqualTo(new Request.Help());
        assertThat(parsed("quit")).isEqualTo(new Request.Quit());
    }

    @ParameterizedTest
    @ValueSource(strings = {" ping", "ping ", "   ping   "})
    void spacesAroundWordsDoNotMatter(String line) throws RequestException {
        assertThat(parsed(line)).isEqualTo(new Request.Ping());
    }

    @ParameterizedTest(name = "\"{0}\" is {1}")
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "'',unknown-request",
                "' ',unknown-request",
                "PING,unknown-request",
                "Put a k 1,unknown-request",
                "pingg,unknown-request",
                "GET / HTTP/1.1,unknown-request",
                "'\tping',unknown-request",
                "'ping\t',unknown-request",
                "ping 1,bad-request",
                "help me,bad-request",
                "quit now,bad-request",
                "put,bad-request",
                "put a,bad-request",
                "put after k 1,bad-request",
                "put a %0a 1,bad-request",
                "put a %00 1,bad-request",
                "put a %e2%80%a8 1,bad-request",
                "put a . 1,bad-request",
                "put a .. 1,bad-request",
                "put a %2e%2E 1,bad-request",
                "put a %ff 1,invalid-utf8",
                "delete a %ed%a0%80,invalid-utf8",
                "'put a\tk 1',bad-request",
                "delete,bad-request",
                "delete a,bad-request",
                "delete a k more,bad-request",
                "delete after k,bad-request",
                "sync after,bad-request",
                "sync a after,bad-request",
                "updates after,bad-request",
                "updates after 1042,bad-request",
                "updates after k7f3,bad-request",
                "updates after K:1,bad-request",
                "updates after k7f3:1 after k7f3:1,bad-request",
                "updates orders after k7f3:1,bad-request",
                "follow after,bad-request",
                "follow after k7f3:99999999999999999999,bad-request",
                "'put a k',invalid-json",
                "'put a k ',invalid-json",
                "put a k {,invalid-json",
                "put a k 1 2,invalid-json",
                "put a k {}{},invalid-json",
                "put a k NaN,invalid-json"
            })
    void everyMistakeHasItsCode(String line, String code) {
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> parsed(line))
                .satisfies(mistake -> {
                    assertThat(mistake.code().code()).isEqualTo(code);
                    assertThat(mistake.message()).isNotBlank().doesNotContain("\n", "\r");
                    assertThat(mistake.getStackTrace()).isEmpty();
                });
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "70696e67ff, a verb with a byte that never occurs",
        "73796e6320e9, a collection in Latin-1",
        "73796e6320c0af, an overlong collection",
        "64656c657465206120eda080, a key that is a lone surrogate",
        "75706461746573206166746572206bff3a31, a position",
        "707574ff2061206b2031, another verb"
    })
    void wordsThatAreNotUtf8HaveTheirOwnCode(String hex, String what) {
        assertThatExceptionOfType(RequestException.class)
                .as(what)
                .isThrownBy(() -> parsed(HexFormat.of().parseHex(hex)))
                .satisfies(mistake -> assertThat(mistake.code()).isEqualTo(ErrorCode.INVALID_UTF8));
    }

    @Test
    void tooLongNamesAreBadRequests() {
        for (String line :
                List.of("sync " + "c".repeat(129), "delete a " + "k".repeat(513), "put a " + "k".repeat(513) + " 1")) {
            assertThatExceptionOfType(RequestException.class)
                    .isThrownBy(() -> parsed(line))
                    .satisfies(mistake -> assertThat(mistake.code()).isEqualTo(ErrorCode.BAD_REQUEST));
        }
    }

    @Test
    void everyCodeIsDifferentAndInLowerCase() {
        assertThat(ErrorCode.values())
                .extracting(ErrorCode::code)
                .doesNotHaveDuplicates()
                .allSatisfy(code -> assertThat(code).matches("[a-z0-9]+(-[a-z0-9]+)*"));
    }

    @Test
    void randomLinesAreRequestsOrMistakes() {
        long seed = Long.getLong("tidegate.seed", 20250104);
        var random = new Random(seed);
        String[] words = {
            "put", "delete", "sync", "updates", "follow", "after", "k7:1", "a", "{\"a\":1}", "[", "", "\u00e9", "ping"
        };
        for (int round = 0; round < 20_000; round++) {
            var line = new StringBuilder();
            for (int i = random.nextInt(6); i >= 0; i--) {
                line.append(words[random.nextInt(words.length)]).append(' ');
            }
            byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
            if (random.nextBoolean()) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }

            String shown =
                    "seed " + seed + ", round " + round + ": " + HexFormat.of().formatHex(bytes);
            try {
                assertThat(parsed(bytes)).as(shown).isNotNull();
            } catch (RequestException mistake) {
                assertThat(mistake.message()).as(shown).isNotBlank();
            } catch (RuntimeException bug) {
                throw new AssertionError(shown, bug);
            }
        }
    }
}
