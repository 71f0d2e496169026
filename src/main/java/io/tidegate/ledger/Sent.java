package io.tidegate.ledger;

/**
 * What one connection was sent.
 *
 * <p>Counted is what the kernel took over from this process: a client that is gone, or is reset, may have received less, never
 * more, except for one piece of at most 512 bytes that was being handed to the kernel when the connection was cut and counts as
 * unsent. A client that closes its own side and reads to the end of the stream has received exactly this. Over TLS a byte counts when
 * the kernel has the whole record, and what was being handed over are at most four records, of 16 KiB each.
 *
 * @param bytes bytes that the kernel took; over TLS those that a client reads, not those on the wire
 * @param bytesUnsent bytes of lines that were put together for the client and that the kernel did not take; what the client
 *     had still to get from the feed or from a snapshot was never put together and is not counted
 * @param updates puts and deletes of a subscription, of which the kernel took the whole line
 * @param lastSeq sequence number of the last of these updates; 0 if there was none
 */
public record Sent(long bytes, long bytesUnsent, long updates, long lastSeq) {}
