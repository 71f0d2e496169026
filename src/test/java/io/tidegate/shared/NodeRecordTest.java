package io.tidegate.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a node tells of itself is read as it was written. */
class NodeRecordTest {

    private static final Header HEADER = new Header(Header.Kind.NODE, 7, Life.begin(), 0);

    private static Stream<Node> nodes() {
        Node all = Node.named("n-1", "1.2.3", "[::1]:8989", "https://é.example:8080", "http://10.0.0.5:8990");
        return Stream.of(
                all.at(Long.MAX_VALUE, 12),
                all.standing(true, true),
                all.standing(false, false),
                all.standing(true, false),
                Node.named("n-1", "", null, null, null));
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void itIsReadAsItWasWritten(Node node) throws Exception {
        ByteBuffer record = ByteBuffer.wrap(Records.node(HEADER, node));

        assertThat(Header.read(record)).isEqualTo(HEADER);
        assertThat(Records.readNode(record)).isEqualTo(node);
    }

    @Test
    void whatIsTooLongOrTooShortIsNotUnderstood() {
        byte[] record = Records.node(HEADER, Node.named("n", "1", null, null, null));
        for (int length = Header.BYTES; length <= record.length + 1; length++) {
            if (length != record.length) {
                ByteBuffer body = ByteBuffer.wrap(Arrays.copyOf(record, length)).position(Header.BYTES);
                assertThatThrownBy(() -> Records.readNode(body)).isInstanceOf(Header.UnknownRecordException.class);
            }
        }
    }
}
