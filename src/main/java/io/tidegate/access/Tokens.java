package io.tidegate.access;

import io.tidegate.document.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tokens of a file, by their digests. Immutable. */
final class Tokens {

    static final Tokens NONE = new Tokens(Map.of());

    private static final String COMMENT = "#";

    private final Map<String, Token> byDigest;

    private Tokens(Map<String, Token> byDigest) {
        this.byDigest = byDigest;
    }

    /**
     * Reads a file.
     *
     * @param file how it is called, for people
     * @param lines each a token; empty ones, and those that begin with {@code #}, are passed over
     */
    static Tokens parse(String file, List<String> lines) throws AccessFileException {
        Map<String, Token> byDigest = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            if (isToken(lines.get(i))) {
                Token token = token(file, i + 1, lines.get(i));
                if (!names.add(token.name())) {
                    throw wrong(file, i + 1, "the name " + token.name() + " is there already: allowed is each once");
                }
                if (byDigest.put(token.digest(), token) != null) {
                    throw wrong(file, i + 1, "the token is there already, by another name: allowed is each once");
                }
            }
        }
        return new Tokens(byDigest);
    }

    /**
     * The lines of a file.
     *
     * @throws AccessFileException if it is no text: what somebody else reads in it would not be sure
     */
    static List<String> lines(String file, byte[] content) throws AccessFileException {
        try {
            return Json.decode(content, 0, content.length).lines().toList();
        } catch (IllegalArgumentException e) {
            throw new AccessFileException(
                    file + ": it is " + e.getMessage() + ": allowed are lines of JSON objects", e);
        }
    }

    static boolean isToken(String line) {
        return !line.isBlank() && !line.startsWith(COMMENT);
    }

    static Token token(String file, int number, String line) throws AccessFileException {
        try {
            return TokenLine.parse(line);
        } catch (IllegalArgumentException e) {
            throw wrong(file, number, String.valueOf(e.getMessage()));
        }
    }

    private static AccessFileException wrong(String file, int number, String what) {
        return new AccessFileException(file + ":" + number + ": " + what);
    }

    /** That of which the digest is. */
    Optional<Token> find(String digest) {
        return Optional.ofNullable(byDigest.get(digest)).filter(token -> token.isOf(digest));
    }

    /** By name. */
    List<Token> all() {
        Collection<Token> tokens = byDigest.values();
        List<Token> sorted = new ArrayList<>(tokens);
        sorted.sort((one, other) -> one.name().compareTo(other.name()));
        return sorted;
    }

    int size() {
        return byDigest.size();
    }
}
