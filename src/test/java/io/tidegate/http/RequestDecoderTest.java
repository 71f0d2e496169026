package io.tidegate.http;

import static io.tidegate.http.RequestCases.CHUNKS;
import static io.tidegate.http.RequestCases.GET;
import static io.tidegate.http.RequestCases.HOST;
import static io.tidegate.http.RequestCases.MAX_HEAD;
import static io.tidegate.http.RequestCases.NEXT;
import static io.tidegate.http.RequestCases.PUT;
import static io.tidegate.http.RequestCases.bytes;
import static io.tidegate.http.RequestCases.tests;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.http.RequestCases.Case;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Requests in a client's bytes (RFC 9112), however these are cut: what two readers could understand in two ways is none. */
class RequestDecoderTest {

    @TestFactory
    Stream<DynamicTest> requestsFollowOneAnother() {
        return tests(
                Case.of("G"),
                Case.of(GET),
                Case.of(GET + "\r"),
                Case.of(GET + "\r\n", "GET / 0", "end"),
                Case.of(NEXT.repeat(3), "GET /next 0", "end", "GET /next 0", "end", "GET /next 0", "end"),
                Case.goesOn(PUT + "Content-Length: 3\r\n\r\nabc", "PUT / 3", "body abc", "end"),
                Case.goesOn(PUT + "Content-Length: 0\r\n\r\n", "PUT / 0", "end"),
                Case.goesOn(PUT + "content-length:\t 003 \r\n\r\na\r\n", "PUT / 3", "body a\r\n", "end"),
                Case.of(PUT + "Content-Length: 3\r\n\r\nab", "PUT / 3", "body ab"),
                Case.goesOn("GET / HTTP/1.0\r\n\r\n", "GET / 0", "end"),
                Case.goesOn("GET / HTTP/1.2\r\n" + HOST + "\r\n", "GET / 0", "end"),
                Case.goesOn(
                        "PUT / HTTP/1.9\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "PUT / -1", "end"),
                Case.of("GET / HTTP/2.0\r\n" + HOST + "\r\n" + NEXT, "505"),
                Case.of("BREW / HTTP/1.1\r\n" + HOST + "\r\n" + NEXT, "501"));
    }

    /** RFC 9112, section 6.3: a length that is wrong, or there twice, or beside an encoding. */
    @TestFactory
    Stream<DynamicTest> aBodyHasOneLength() {
        return Stream.of(
                        "Content-Length: +3",
                        "Content-Length: -3",
                        "Content-Length: 0x3",
                        "Content-Length: 3 3",
                        "Content-Length: 3, 3",
                        "Content-Length: 3,",
                        "Content-Length: 3;a=b",
                        "Content-Length: 3.0",
                        "Content-Length: a",
                        "Content-Length: \u00b2",
                        "Content-Length:",
                        "Content-Length: 9223372036854775808",
                        "Content-Length: 18446744073709551619",
                        "Content-Length: 3\r\nContent-Length: 3",
                        "Content-Length: 3\r\ncontent-length: 4",
                        "Content-Length: 3\r\nX: a\r\nContent-Length: 0")
                .flatMap(length -> Stream.of("1.0", "1.1", "1.2")
                        .map(version -> "PUT / HTTP/" + version + "\r\n" + HOST + length + "\r\n\r\nabc"))
                .flatMap(bytes -> tests(Case.refused(bytes)));
    }

    /** The same, of encodings: one is known, and it is the only one. */
    @TestFactory
    Stream<DynamicTest> aBodyHasOneEncoding() {
        return Stream.of(
                        "Transfer-Encoding: chunked;x=y",
                        "Transfer-Encoding: chunked, chunked",
                        "Transfer-Encoding: gzip, chunked",
                        "Transfer-Encoding: chunked, gzip",
                        "Transfer-Encoding: chunked,",
                        "Transfer-Encoding: , chunked",
                        "Transfer-Encoding: identity",
                        "Transfer-Encoding: identity, chunked",
                        "Transfer-Encoding: xchunked",
                        "Transfer-Encoding: \"chunked\"",
                        "Transfer-Encoding: chun ked",
                        "Transfer-Encoding: \u00a0chunked",
                        "Transfer-Encoding: chunked\u000b",
                        "Transfer-Encoding:",
                        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                        "Transfer-Encoding: chunked\r\ntransfer-encoding: chunked",
                        "Transfer-Encoding: chunked\r\nContent-Length: 5",
                        "Content-Length: 5\r\nTransfer-Encoding: chunked",
                        "Content-Length: 5\r\nTransfer-Encoding: identity",
                        "Transfer-Encoding : chunked",
                        "Transfer-Encoding\t: chunked")
                .flatMap(encoding -> tests(Case.refused(PUT + encoding + "\r\n\r\n0\r\n\r\n")));
    }

    @TestFactory
    Stream<DynamicTest> anEncodingInHttp10IsRefused() {
        return tests(
                Case.refused("PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Case.refused("PUT / HTTP/1.0\r\n" + HOST
                        + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"));
    }

    @TestFactory
    Stream<DynamicTest> theEncodingMayBeWrittenInAnyCase() {
        return tests(
                Case.goesOn(PUT + "Transfer-Encoding:  chunked \t\r\n\r\n0\r\n\r\n", "PUT / -1", "end"),
                Case.goesOn(PUT + "TRANSFER-ENCODING:CHUNKED\r\n\r\n0\r\n\r\n", "PUT / -1", "end"),
                Case.goesOn(
                        GET + "transfer-encoding: Chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "GET / -1", "body a", "end"));
    }

    /** An old draft had a body of eight bytes that only these headers told of. */
    @TestFactory
    Stream<DynamicTest> noOtherHeaderMakesABody() {
        return tests(
                Case.goesOn(GET + "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n", "GET / 0", "end"),
                Case.goesOn(GET + "Content_Length: 3\r\nX-Content-Length: 3\r\nTE: chunked\r\n\r\n", "GET / 0", "end"));
    }

    @TestFactory
    Stream<DynamicTest> aLineOfAHeadEndsByCrAndLfAndIsAHeader() {
        return Stream.of(
                        "GET / HTTP/1.1\n" + HOST + "\r\n",
                        "GET / HTTP/1.1\nHost: a\n\n",
                        "\n" + GET + "\r\n",
                        "\r" + GET + "\r\n",
                        "GET / HTTP/1.1\r" + HOST + "\r\n",
                        " " + GET + "\r\n",
                        "GET  / HTTP/1.1\r\n" + HOST + "\r\n",
                        "GET / HTTP/1.1 \r\n" + HOST + "\r\n",
                        "GET\t/\tHTTP/1.1\r\n" + HOST + "\r\n",
                        "GET / HTTP/1.1\r\r\n" + HOST + "\r\n",
                        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
                        GET + "X: a\nY: b\r\n\r\n",
                        GET + "X: a\n\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n",
                        GET + "X: a\rY: b\r\n\r\n",
                        GET + "X: a\r\r\n\r\n",
                        GET + "X: a\r\n b\r\n\r\n",
                        GET + "X: a\r\n\tb\r\n\r\n",
                        GET + "X: a\r\n \r\n\r\n",
                        GET + " \r\n\r\n",
                        GET + "X : a\r\n\r\n",
                        GET + "X\t: a\r\n\r\n",
                        GET + ": a\r\n\r\n",
                        GET + "X\r\n\r\n",
                        GET + "X Y: a\r\n\r\n",
                        GET + "X\u00e4: a\r\n\r\n",
                        GET + "(X): a\r\n\r\n",
                        GET + "X\0: a\r\n\r\n",
                        GET + "\0X: a\r\n\r\n")
                .flatMap(bytes -> tests(Case.refused(bytes)));
    }

    @TestFactory
    Stream<DynamicTest> aHeaderHasNoControlCharacters() {
        return Stream.iterate(0, c -> c < 0x80, c -> c == 0x1f ? 0x7f : c + 1)
                .filter(c -> c != '\t')
                .flatMap(c -> Stream.of("", "a").map(before -> GET + "X: " + before + (char) (int) c + "b\r\n\r\n"))
                .flatMap(bytes -> tests(Case.refused(bytes)));
    }

    @Test
    void everyOtherByteIsAValueAndSwallowsNothing() {
        for (int c = 0x20; c <= 0xff; c++) {
            if (c != 0x7f) {
                String value = (char) c + "x" + (char) c;
                var head = head(GET + "X:" + value + "\r\nY: y\r\n\r\n");
                assertThat(head.first("X")).as("%x", c).hasValue(value.strip());
                assertThat(head.first("Y")).as("%x", c).hasValue("y");
                var last = head(GET + "Y: y\r\nX: " + (char) c + "\r\n\r\n");
                assertThat(last.headers()).as("%x", c).hasSize(3);
            }
        }
    }

    private static HttpRequest head(String bytes) {
        var decoder = new RequestDecoder(MAX_HEAD);
        decoder.take(bytes(bytes));
        return ((HttpRequest.Part.Head) requireNonNull(decoder.next())).request();
    }

    @Test
    void headersKeepTheirOrderAndLoseTheWhiteSpaceAroundThem() {
        var head = head("GET /%C3%A4?x HTTP/1.3\r\nHost:a\r\nX: \t a  b\t \r\nY:\r\nx:c:d\r\n\r\n");

        assertThat(head.target()).isEqualTo("/%C3%A4?x");
        assertThat(head.version()).isEqualTo("HTTP/1.1");
        assertThat(head.headers())
                .containsExactly(
                        new Header("Host", "a"), new Header("X", "a  b"), new Header("Y", ""), new Header("x", "c:d"));
        assertThat(head.all("X")).containsExactly("a  b", "c:d");
    }

    @TestFactory
    Stream<DynamicTest> aFewEmptyLinesInFrontOfARequestArePassedOver() {
        return tests(
                Case.of("\r\n".repeat(4)),
                Case.goesOn("\r\n"),
                Case.goesOn("\r\n".repeat(4)),
                Case.goesOn(NEXT + "\r\n".repeat(4), "GET /next 0", "end"),
                Case.goesOn(PUT + "Content-Length: 1\r\n\r\na\r\n", "PUT / 1", "body a", "end"),
                Case.goesOn(CHUNKS + "0\r\n\r\n" + "\r\n".repeat(4), "PUT / -1", "end"),
                Case.of(NEXT + "\r\n".repeat(5) + NEXT, "GET /next 0", "end", "400"),
                Case.of("\r\n".repeat(1000), "400"));
    }

    @TestFactory
    Stream<DynamicTest> thereIsOneHostWhichIsOne() {
        return tests(
                Case.refused("GET / HTTP/1.1\r\n\r\n"),
                Case.refused("GET http://a/ HTTP/1.1\r\n\r\n"),
                Case.refused(GET + HOST + "\r\n"),
                Case.refused(GET + "host: b\r\n\r\n"),
                Case.refused("GET / HTTP/1.0\r\n" + HOST + HOST + "\r\n"),
                Case.refused("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
                Case.refused("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
                Case.refused("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
                Case.refused("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                Case.refused("GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
                Case.goesOn("GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / 0", "end"),
                Case.goesOn("GET http://b/ HTTP/1.1\r\nHost: a:1\r\n\r\n", "GET http://b/ 0", "end"));
    }

    // ---- limits

    private static String head(int length) {
        String head = GET + "X: \r\n\r\n";
        return GET + "X: " + "a".repeat(length - head.length()) + "\r\n\r\n";
    }

    @TestFactory
    Stream<DynamicTest> aHeadIsAsLongAsTheLimitAndNoLonger() {
        String line = "GET /" + "a".repeat(MAX_HEAD);
        return tests(
                Case.goesOn(head(MAX_HEAD), "GET / 0", "end"),
                Case.goesOn("\r\n" + head(MAX_HEAD) + "\r\n", "GET / 0", "end"),
                Case.of(head(MAX_HEAD + 1), "431"),
                Case.of(head(MAX_HEAD + 1) + NEXT, "431"),
                Case.of(head(2 * MAX_HEAD).substring(0, MAX_HEAD + 1), "431"),
                Case.of(line, "414"),
                Case.of(line + " HTTP/1.1\r\n" + HOST + "\r\n", "414"),
                Case.goesOn(head(MAX_HEAD), "GET / 0", "end"));
    }

    @TestFactory
    Stream<DynamicTest> aHeadHasAsManyHeadersAsTheLimitAndNoMore() {
        return tests(
                Case.goesOn(GET + "x:\r\n".repeat(63) + "\r\n", "GET / 0", "end"),
                Case.of(GET + "x:\r\n".repeat(64) + "\r\n" + NEXT, "431"));
    }

    @Test
    void betweenRequestsNothingIsHeldAndNothingHasBegun() {
        var decoder = new RequestDecoder(MAX_HEAD);
        assertThat(decoder.begun()).isNull();
        decoder.take(bytes(NEXT + "\r\n" + "GE"));
        assertThat(decoder.next()).isInstanceOf(HttpRequest.Part.Head.class);
        assertThat(decoder.next()).isInstanceOf(HttpRequest.Part.End.class);
        assertThat(decoder.next()).isNull();
        assertThat(decoder.begun()).isNotNull().extracting("bytes").isEqualTo(2L);
        assertThat(decoder.rest()).isEqualTo(bytes("GE"));
        assertThat(decoder.begun()).isNull();
    }

    @Test
    void nothingIsFoundNorBegunBehindWhatIsMalformed() {
        var decoder = new RequestDecoder(MAX_HEAD);
        decoder.take(bytes("GET / HTTP/1.1\r\n\r\n" + NEXT));
        assertThat(decoder.next()).isInstanceOf(HttpRequest.Part.Malformed.class);
        decoder.take(bytes(NEXT));
        assertThat(decoder.next()).isNull();
        assertThat(decoder.begun()).isNull();
        assertThat(decoder.rest()).isEqualTo(ByteString.emptyByteString());
    }
}
