package io.tidegate.access;

/** The alphabet of tokens (RFC 4648, section 5). */
final class Base64Url {

    private Base64Url() {}

    static boolean isDigit(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
