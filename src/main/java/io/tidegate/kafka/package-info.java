/** The shared log on Apache Kafka: one partition of a topic. */
@NullMarked
package io.tidegate.kafka;

import org.jspecify.annotations.NullMarked;
