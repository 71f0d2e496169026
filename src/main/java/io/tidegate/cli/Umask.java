package io.tidegate.cli;

import com.sun.jna.Library;
import com.sun.jna.Native;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which rights the files that this process makes do not get. Java cannot set it, and RocksDB makes its files without asking. */
final class Umask {

    /** Of group and others all. */
    private static final int OWNER_ONLY = 077;

    private static final Logger log = LoggerFactory.getLogger(Umask.class);

    private interface LibC extends Library {
        int umask(int mask);
    }

    private Umask() {}

    /** From now on files are for their owner only. */
    static void ownerOnly() {
        try {
            int before = Native.load("c", LibC.class).umask(OWNER_ONLY);
            log.debug("umask is {} now, it was {}", Integer.toOctalString(OWNER_ONLY), Integer.toOctalString(before));
        } catch (RuntimeException | LinkageError e) {
            log.debug("The umask cannot be set here: the directory of the store keeps others out", e);
        }
    }
}
