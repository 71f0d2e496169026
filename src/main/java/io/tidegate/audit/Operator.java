package io.tidegate.audit;

/**
 * Who operates a server.
 *
 * @param by which way
 * @param identity its name; empty if it did not have to show one
 * @param address from where; empty if from this machine, by the rights of its users
 */
public record Operator(String by, String identity, String address) {

    /** By a tool of the JDK, or a program like it. */
    public static final Operator JMX = new Operator("jmx", "", "");

    /** By a signal to the process. */
    public static final Operator SIGNAL = new Operator("signal", "", "");

    /** By a request to the admin listener. */
    public static Operator http(String identity, String address) {
        return new Operator("http", identity, address);
    }
}
