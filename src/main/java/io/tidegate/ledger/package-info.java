/** What is known of connections: how the open ones stand, how the others ended, and which are meant. */
@NullMarked
package io.tidegate.ledger;

import org.jspecify.annotations.NullMarked;
