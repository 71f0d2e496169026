package io.tidegate.http;

/** One line of the head of a request or a response; names are the same in whatever case. */
public record Header(String name, String value) {

    boolean is(String wanted) {
        return name.equalsIgnoreCase(wanted);
    }
}
