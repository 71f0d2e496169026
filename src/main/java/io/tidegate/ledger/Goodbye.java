package io.tidegate.ledger;

import java.time.Duration;

/**
 * The last word to a client.
 *
 * @param reconnectAfter the slot in which this client should come back, so that not all come at once
 */
public record Goodbye(CloseReason reason, Duration reconnectAfter) {}
