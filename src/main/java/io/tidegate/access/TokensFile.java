package io.tidegate.access;

import io.tidegate.document.OwnFiles;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The file of tokens, for who changes it: a server that reads it at the same time sees all of a change or nothing.
 *
 * <p>What is not about the token that is changed stays as it is, comments too.
 */
public final class TokensFile {

    /** The next content, and while it is there the sign that somebody changes the file. */
    private static final String NEXT = ".new";

    private final Path file;

    public TokensFile(Path file) {
        this.file = file;
    }

    /** Makes new lines of those that there are. */
    private interface Change {
        void of(List<String> lines) throws AccessFileException;
    }

    /**
     * All tokens, by name.
     *
     * @throws AccessFileException if the file is not there, or has something else
     */
    public List<Token> all() throws AccessFileException {
        return Tokens.parse(file.toString(), lines(file)).all();
    }

    /**
     * Adds a token; the file is made if it is missing.
     *
     * @param replaces whether one of that name goes
     */
    public void add(Token token, boolean replaces) throws AccessFileException {
        change(true, lines -> {
            Optional<Integer> there = find(lines, token.name());
            if (there.isPresent() && !replaces) {
                throw new AccessFileException(
                        file + " has a token named " + token.name() + " already: --replace replaces it");
            }
            there.ifPresent(at -> lines.remove(at.intValue()));
            lines.add(TokenLine.of(token));
        });
    }

    /** Takes a token out. */
    public void revoke(String name) throws AccessFileException {
        change(false, lines -> {
            int at = find(lines, name).orElseThrow(() -> new AccessFileException(file + " has no token named " + name));
            lines.remove(at);
        });
    }

    private Optional<Integer> find(List<String> lines, String name) throws AccessFileException {
        // What is wrong already is told first: the next reload would refuse it.
        var unused = Tokens.parse(file.toString(), lines);
        for (int i = 0; i < lines.size(); i++) {
            if (Tokens.isToken(lines.get(i))
                    && Tokens.token(file.toString(), i + 1, lines.get(i)).name().equals(name)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    private static List<String> lines(Path from) throws AccessFileException {
        return new ArrayList<>(Tokens.lines(from.toString(), WatchedFile.bytes(from, WatchedFile.read(from))));
    }

    private void change(boolean mayBeMissing, Change change) throws AccessFileException {
        Path target = target();
        Path next = target.resolveSibling(target.getFileName() + NEXT);
        try (FileChannel channel = FileChannel.open(
                next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OwnFiles.attributes(target))) {
            write(channel, target, next, mayBeMissing, change);
        } catch (FileAlreadyExistsException e) {
            throw new AccessFileException(
                    next + " is there: somebody is changing " + file + ". If nobody is, remove it", e);
        } catch (IOException e) {
            throw new AccessFileException("cannot write " + next + ": " + Reason.of(e), e);
        }
    }

    private void write(FileChannel channel, Path target, Path next, boolean mayBeMissing, Change change)
            throws AccessFileException, IOException {
        try {
            boolean isMissing = mayBeMissing && Files.notExists(target);
            List<String> lines = isMissing ? new ArrayList<>() : lines(target);
            change.of(lines);
            ByteBuffer content =
                    StandardCharsets.UTF_8.encode(String.join("\n", lines) + (lines.isEmpty() ? "" : "\n"));
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
            if (!isMissing) {
                keepOwner(target, next);
            }
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /** Where it is, if a symbolic link leads there. */
    private Path target() throws AccessFileException {
        try {
            return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        } catch (IOException e) {
            throw new AccessFileException("cannot read " + file + ": " + Reason.of(e), e);
        }
    }

    /** The server has to be able to read what its administrator has changed; others than it and its group have not. */
    private static void keepOwner(Path from, Path to) throws IOException {
        PosixFileAttributeView former = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        PosixFileAttributeView later = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (former != null && later != null) {
            PosixFileAttributes wanted = former.readAttributes();
            PosixFileAttributes had = later.readAttributes();
            if (!wanted.owner().equals(had.owner())) {
                later.setOwner(wanted.owner());
            }
            if (!wanted.group().equals(had.group())) {
                later.setGroup(wanted.group());
            }
            if (wanted.permissions().contains(PosixFilePermission.GROUP_READ)) {
                later.setPermissions(PosixFilePermissions.fromString("rw-r-----"));
            }
        }
    }
}
