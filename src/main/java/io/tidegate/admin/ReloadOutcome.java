package io.tidegate.admin;

/** What came of reading something anew, as JMX shows it. */
public interface ReloadOutcome {

    /** What was read: {@code http certificates}. */
    String getWhat();

    /** One of {@code unchanged}, {@code reloaded}, {@code refused}. */
    String getResult();

    /** What is in use now, or why it was refused; empty if it is unchanged. */
    String getLine();
}
