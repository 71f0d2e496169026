package io.tidegate.ledger;

/**
 * How the open connections stand at one moment.
 *
 * @param open connections that have not ended
 * @param stuck those whose clients have accepted no byte for a second although there is data for them
 * @param stragglers those that were told to end more than a second ago: their clients do not read, or do not close
 */
public record Standing(int open, int stuck, int stragglers) {}
