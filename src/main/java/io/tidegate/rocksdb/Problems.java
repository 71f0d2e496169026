package io.tidegate.rocksdb;

import io.tidegate.rocksdb.StoreReport.Problem;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a store: the first of it, and how much more there is. */
final class Problems {

    /** One cause may show in each document. */
    static final int MOST = 100;

    private static final String RESTORE = ": restore a backup";

    private final List<Problem> found = new ArrayList<>();
    private long more;

    /** Something that a start, or whoever reads, would come upon. */
    void damage(String where, String what) {
        add(where, Failures.oneLine(what) + RESTORE);
    }

    /** Something with advice of its own. */
    void add(String where, String what) {
        if (found.size() < MOST) {
            found.add(new Problem(where, what));
        } else {
            more++;
        }
    }

    List<Problem> found() {
        return found;
    }

    long more() {
        return more;
    }
}
