package io.tidegate.shared;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.feed.Ordered;
import io.tidegate.shared.Header.UnknownRecordException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of records. All numbers are big-endian.
 *
 * <pre>
 *  group: changes (4), and of each: put or delete (1), collection, key, id or nothing, precondition, and of a put its value
 *  fence: lives (4), and each (16)
 *  node: name, version, three addresses or nothing, head (8), offset (8), whether it leaves, or is behind (1)
 *  epoch: 1 (4), its name
 *  origin: 1 (4), name of an epoch, sequence number (8)
 *  text and values: bytes (4), UTF-8
 * </pre>
 */
final class Records {

    private static final byte PUT = 0;
    private static final byte DELETE = 1;

    /** Of a record, beside its changes. */
    static final int OVERHEAD = Header.BYTES + 4;

    /** Preconditions within one another; what clients can ask for has four. */
    private static final int DEEPEST = 32;

    /** Most bytes of a position. */
    private static final int POSITION_BYTES = 4 + 32 + 8;

    // Kinds of preconditions.
    private static final byte NONE = 0;
    private static final byte EXISTS = 1;
    private static final byte AT = 2;
    private static final byte NOT = 3;
    private static final byte BOTH = 4;

    // How a node stands.
    private static final int LEAVING = 1;
    private static final int BEHIND = 2;

    private Records() {}

    static byte[] group(Header header, List<? extends Ordered> changes) {
        return record(header, out -> {
            out.writeInt(changes.size());
            for (Ordered ordered : changes) {
                write(ordered, out);
            }
        });
    }

    static byte[] fence(Header header, List<Life> former) {
        return record(header, out -> {
            out.writeInt(former.size());
            for (Life life : former) {
                out.write(life.bytes());
            }
        });
    }

    static byte[] node(Header header, Node node) {
        return record(header, out -> {
            for (String text : Arrays.asList(node.name(), node.version(), node.tcp(), node.http(), node.admin())) {
                write(text == null ? "" : text, out);
            }
            out.writeLong(node.head());
            out.writeLong(node.offset());
            out.writeByte((node.isLeaving() ? LEAVING : 0) | (node.isReady() ? 0 : BEHIND));
        });
    }

    /** An epoch of that name begins. */
    static byte[] epoch(Header header, String name) {
        return record(header, out -> {
            out.writeInt(1);
            write(name, out);
        });
    }

    /** The feed had come that far before. */
    static byte[] origin(Header header, Position position) {
        return record(header, out -> {
            out.writeInt(1);
            write(position.epoch(), out);
            out.writeLong(position.seq());
        });
    }

    static byte[] moved(Header header) {
        return record(header, out -> {});
    }

    /** @param body behind the header of an epoch */
    static String readEpoch(ByteBuffer body) throws UnknownRecordException {
        List<Position> starts = readAll(body, from -> new Position(text(from), 0));
        if (starts.size() != 1) {
            throw UnknownRecordException.newer("it names " + starts.size() + " epochs");
        }
        return starts.get(0).epoch();
    }

    /** Whether a node can read what is written of it. */
    static boolean isReadable(Precondition precondition) {
        return depth(precondition) < DEEPEST;
    }

    private static int depth(Precondition precondition) {
        if (precondition instanceof Precondition.Not not) {
            return 1 + depth(not.precondition());
        }
        return precondition instanceof Precondition.Both both
                ? 1 + Math.max(depth(both.one()), depth(both.other()))
                : 1;
    }

    /** How many bytes a change takes, at most. */
    static long bytes(Ordered ordered) {
        Change change = ordered.change();
        long names =
                3L * (change.collection().name().length() + change.key().text().length());
        long value = change instanceof Change.Put put ? put.value().length() : 0;
        return 1 + 4 + 4 + 4 + PublicationId.MAX_LENGTH + 4 + names + value + bytes(ordered.precondition());
    }

    private static long bytes(Precondition precondition) {
        if (precondition instanceof Precondition.At at) {
            return 1 + 4 + (long) at.positions().size() * POSITION_BYTES;
        }
        if (precondition instanceof Precondition.Not not) {
            return 1 + bytes(not.precondition());
        }
        return precondition instanceof Precondition.Both both ? 1 + bytes(both.one()) + bytes(both.other()) : 1;
    }

    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] record(Header header, Body body) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return header.with(bytes.toByteArray());
    }

    private static void write(Ordered ordered, DataOutputStream out) throws IOException {
        Change change = ordered.change();
        out.writeByte(change instanceof Change.Put ? PUT : DELETE);
        write(change.collection().name(), out);
        write(change.key().text(), out);
        PublicationId id = ordered.id();
        write(id == null ? "" : id.text(), out);
        write(ordered.precondition(), out);
        if (change instanceof Change.Put put) {
            out.writeInt(put.value().length());
            put.value().writeTo(out);
        }
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static void write(Precondition precondition, DataOutputStream out) throws IOException {
        if (precondition instanceof Precondition.None) {
            out.writeByte(NONE);
        } else if (precondition instanceof Precondition.Exists) {
            out.writeByte(EXISTS);
        } else if (precondition instanceof Precondition.At at) {
            out.writeByte(AT);
            out.writeInt(at.positions().size());
            for (Position position : at.positions()) {
                write(position.epoch(), out);
                out.writeLong(position.seq());
            }
        } else if (precondition instanceof Precondition.Not not) {
            out.writeByte(NOT);
            write(not.precondition(), out);
        } else if (precondition instanceof Precondition.Both both) {
            out.writeByte(BOTH);
            write(both.one(), out);
            write(both.other(), out);
        } else {
            throw new AssertionError(precondition);
        }
    }

    /** @param body behind the header of a group */
    static List<Proposal> readGroup(ByteBuffer body) throws UnknownRecordException {
        return readAll(body, Records::proposal);
    }

    /** @param body behind the header of a fence */
    static List<Life> readFence(ByteBuffer body) throws UnknownRecordException {
        return readAll(body, Life::read);
    }

    /** @param body behind the header of a node */
    static Node readNode(ByteBuffer body) throws UnknownRecordException {
        return read(body, Records::node);
    }

    private interface Element<T> {
        T read(ByteBuffer from);
    }

    private static <T> List<T> readAll(ByteBuffer body, Element<T> element) throws UnknownRecordException {
        return read(body, from -> {
            int count = from.getInt();
            List<T> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(element.read(from));
            }
            return all;
        });
    }

    private static <T> T read(ByteBuffer body, Element<T> element) throws UnknownRecordException {
        try {
            T read = element.read(body);
            if (body.hasRemaining()) {
                throw UnknownRecordException.newer("it is longer than it should be, by " + body.remaining() + " bytes");
            }
            return read;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw UnknownRecordException.newer("it has something that this node does not know");
        }
    }

    private static Node node(ByteBuffer from) {
        Node named = Node.named(text(from), text(from), textOrNull(from), textOrNull(from), textOrNull(from));
        Node there = named.at(from.getLong(), from.getLong());
        byte standing = from.get();
        return there.standing((standing & LEAVING) != 0, (standing & BEHIND) == 0);
    }

    private static @Nullable String textOrNull(ByteBuffer from) {
        String text = text(from);
        return text.isEmpty() ? null : text;
    }

    private static Proposal proposal(ByteBuffer from) {
        byte kind = from.get();
        var collection = new Collection(text(from));
        var key = new Key(text(from));
        String text = text(from);
        PublicationId id = text.isEmpty() ? null : new PublicationId(text);
        Precondition precondition = precondition(from, DEEPEST);
        return switch (kind) {
            case PUT -> new Proposal(new Change.Put(collection, key, Json.stored(bytes(from))), precondition, id);
            case DELETE -> new Proposal(new Change.Delete(collection, key), precondition, id);
            default -> throw new IllegalArgumentException("kind of change " + kind);
        };
    }

    private static String text(ByteBuffer from) {
        return new String(bytes(from), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer from) {
        int length = from.getInt();
        if (length < 0 || length > from.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private static Precondition precondition(ByteBuffer from, int deepest) {
        if (deepest == 0) {
            throw new IllegalArgumentException("too deep");
        }
        byte kind = from.get();
        return switch (kind) {
            case NONE -> Precondition.none();
            case EXISTS -> Precondition.mustExist();
            case AT -> Precondition.mustBeAt(positions(from));
            case NOT -> new Precondition.Not(precondition(from, deepest - 1));
            case BOTH -> new Precondition.Both(precondition(from, deepest - 1), precondition(from, deepest - 1));
            default -> throw new IllegalArgumentException("kind of precondition " + kind);
        };
    }

    private static Set<Position> positions(ByteBuffer from) {
        int count = from.getInt();
        Set<Position> positions = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            positions.add(new Position(text(from), from.getLong()));
        }
        return positions;
    }
}
