/** The shared log on NATS JetStream: a stream of one subject. */
@NullMarked
package io.tidegate.jetstream;

import org.jspecify.annotations.NullMarked;
