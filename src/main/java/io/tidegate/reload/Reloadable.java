package io.tidegate.reload;

/** Something that is made of files, and is made anew when they have changed. */
public interface Reloadable {

    /** Who asks. */
    enum Trigger {
        /** Nobody: it is looked every now and then. Somebody may be in the middle of writing the files. */
        INTERVAL,
        /** A person or a program, who wants to know at once what comes of it. */
        HAND
    }

    /** What it is, for logs and as the label of a metric: {@code http certificates}. */
    String what();

    /** Looks at the files, and takes over what has changed. Blocks; the {@link Reloader} never asks twice at once. */
    Reload reload(Trigger trigger);
}
