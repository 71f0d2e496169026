package io.tidegate.tls;

import java.io.Serial;
import java.nio.file.Path;

/** A certificate or a key cannot be used; the message is one line that names the file and says what to do. */
public final class UnusableCertificateException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    UnusableCertificateException(Path file, String why) {
        super(file + ": " + why);
    }

    UnusableCertificateException(Path file, String why, Throwable cause) {
        super(file + ": " + why, cause);
    }
}
