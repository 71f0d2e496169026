package io.tidegate.tls;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** A block of a text in PEM. */
final class PemBlock {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*+)-----END \\1-----", Pattern.DOTALL);

    private final String label;
    private final byte[] der;

    private PemBlock(String label, byte[] der) {
        this.label = label;
        this.der = der;
    }

    /**
     * All blocks, in their order; what stands between them is passed over, as other programs do.
     *
     * @throws IllegalArgumentException if what stands in one is no Base64
     */
    static List<PemBlock> read(byte[] text) {
        return BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1))
                .results()
                .map(block -> new PemBlock(
                        block.group(1),
                        Base64.getMimeDecoder().decode(block.group(2).strip())))
                .toList();
    }

    /** What it says it is: {@code CERTIFICATE}. */
    String label() {
        return label;
    }

    byte[] der() {
        return der;
    }
}
