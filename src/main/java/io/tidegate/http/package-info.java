/** HTTP on the connections of a listener: requests and responses, and the switch to a follower's stream. */
@NullMarked
package io.tidegate.http;

import org.jspecify.annotations.NullMarked;
