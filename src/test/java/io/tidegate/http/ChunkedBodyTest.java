package io.tidegate.http;

import static io.tidegate.http.RequestCases.CHUNKS;
import static io.tidegate.http.RequestCases.MAX_HEAD;
import static io.tidegate.http.RequestCases.tests;

import io.tidegate.http.RequestCases.Case;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Bodies that come in chunks (RFC 9112, section 7.1), however these are cut. */
class ChunkedBodyTest {

    @TestFactory
    Stream<DynamicTest> chunksAreOneBody() {
        String one = "3\r\nabc\r\n";
        return Stream.of(
                        one + "2\r\nde\r\n0\r\n\r\n",
                        "0000000000003\r\nabc\r\n02\r\nde\r\n000\r\n\r\n",
                        one + "2;x\r\nde\r\n0;last\r\n\r\n",
                        one + "2 ; x = \"y;\\\"z\" ;u=v\r\nde\r\n0\r\n\r\n",
                        one + "2;x=" + "y".repeat(300) + "\r\nde\r\n0\r\n\r\n",
                        one + "2\r\nde\r\n0\r\nX: a\r\nY:\r\n\r\n",
                        one + "2\r\nde\r\n0\r\nX: a\r\n Y: a\r\n\r\n",
                        one + "2\r\nde\r\n0\r\nContent-Length: 9\r\nTransfer-Encoding: x\r\nHost: evil\r\n\r\n")
                .flatMap(body -> tests(Case.goesOn(CHUNKS + body, "PUT / -1", "body abcde", "end")));
    }

    @TestFactory
    Stream<DynamicTest> chunksMayHaveAnyByteAndAnyLength() {
        String body = "GET / HTTP/1.1\r\n\r\n0\r\n\r\n\0\377";
        return tests(
                Case.goesOn(
                        CHUNKS + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n",
                        "PUT / -1",
                        "body " + body,
                        "end"),
                Case.goesOn(
                        CHUNKS + "fF\r\n" + "x".repeat(255) + "\r\n0\r\n\r\n",
                        "PUT / -1",
                        "body " + "x".repeat(255),
                        "end"),
                Case.of(CHUNKS + "7fffffff\r\nabc", "PUT / -1", "body abc"));
    }

    @TestFactory
    Stream<DynamicTest> theLengthOfAChunkIsAHexadecimalNumberInALineOfItsOwn() {
        return Stream.of(
                        "0x3\r\nabc\r\n0\r\n\r\n",
                        "+3\r\nabc\r\n0\r\n\r\n",
                        "-3\r\nabc\r\n0\r\n\r\n",
                        " 3\r\nabc\r\n0\r\n\r\n",
                        "3 \r\nabc\r\n0\r\n\r\n",
                        "3\t\r\nabc\r\n0\r\n\r\n",
                        "3 3\r\nabc\r\n0\r\n\r\n",
                        "3\0\r\nabc\r\n0\r\n\r\n",
                        "3\u000b;x\r\nabc\r\n0\r\n\r\n",
                        "3,\r\nabc\r\n0\r\n\r\n",
                        "\u00b3\r\nabc\r\n0\r\n\r\n",
                        "\r\n3\r\nabc\r\n0\r\n\r\n",
                        ";x\r\nabc\r\n0\r\n\r\n",
                        "g\r\n",
                        "80000000\r\n",
                        "100000003\r\nabc\r\n0\r\n\r\n",
                        "ffffffffffffffff3\r\nabc\r\n0\r\n\r\n",
                        "3\nabc\r\n0\r\n\r\n",
                        "3\rabc\r\n0\r\n\r\n",
                        "3\r\r\nabc\r\n0\r\n\r\n",
                        "3;x\nabc\r\n0\r\n\r\n",
                        "3;x\ry\r\nabc\r\n0\r\n\r\n",
                        "3;x\0\r\nabc\r\n0\r\n\r\n",
                        "3;x=\"\n\"\r\nabc\r\n0\r\n\r\n",
                        "3;x=\"\r\n\"\r\nabc\r\n0\r\n\r\n",
                        "3;x=" + "y".repeat(MAX_HEAD) + "\r\nabc\r\n0\r\n\r\n",
                        "0".repeat(MAX_HEAD) + "3\r\nabc\r\n0\r\n\r\n")
                .flatMap(body -> tests(Case.broken(body)));
    }

    @TestFactory
    Stream<DynamicTest> whatIsBehindAChunkIsItsEndAndNoMore() {
        return tests(
                Case.broken("3\r\nabcd\r\n0\r\n\r\n", "body abc"),
                Case.broken("3\r\nabc0\r\n\r\n", "body abc"),
                Case.broken("3\r\nabc\n0\r\n\r\n", "body abc"),
                Case.broken("3\r\nabc\r0\r\n\r\n", "body abc"),
                Case.broken("3\r\nabc\r\r\n0\r\n\r\n", "body abc"),
                Case.broken("3\r\nabc\r\n\r\n0\r\n\r\n", "body abc"),
                Case.of(CHUNKS + "3\r\nab", "PUT / -1", "body ab"),
                Case.of(CHUNKS + "3\r\nabc\r", "PUT / -1", "body abc"),
                Case.of(CHUNKS + "0\r\n", "PUT / -1"),
                Case.of(CHUNKS + "0\r\nX: a\r\n", "PUT / -1"));
    }

    @TestFactory
    Stream<DynamicTest> trailersAreLinesLikeHeaders() {
        return Stream.of(
                        "X: a\n\r\n",
                        "X: a\r\n\n",
                        "X: a\rb\r\n\r\n",
                        "X: a\0b\r\n\r\n",
                        "X : a\r\n\r\n",
                        ": a\r\n\r\n",
                        "X\r\n\r\n",
                        " X: a\r\n\r\n",
                        "X: " + "a".repeat(2 * MAX_HEAD) + "\r\n\r\n")
                .flatMap(trailers -> tests(Case.broken("3\r\nabc\r\n0\r\n" + trailers, "body abc")));
    }
}
