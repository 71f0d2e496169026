package io.tidegate.cli;

import java.io.ObjectInputFilter;

/**
 * Which Java objects this process takes from others in serialized form. Nothing of the server's own does that; JMX does, from who may
 * attach to the process, and for that these are enough.
 */
final class SerialFilter {

    static final String ALLOWED = "maxdepth=20;maxrefs=5000;maxarray=100000;maxbytes=1000000;"
            + "java.lang.*;java.lang.management.*;java.math.*;java.util.*;java.net.*;java.rmi.**;javax.management.**;"
            + "javax.security.auth.**;java.security.**;sun.rmi.**;!*";

    private SerialFilter() {}

    /** From now on; who gave Java a filter of their own keeps it. */
    static void install() {
        if (ObjectInputFilter.Config.getSerialFilter() == null) {
            ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter(ALLOWED));
        }
    }
}
