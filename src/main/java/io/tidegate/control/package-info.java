/** What stops and watches a running server from outside: JMX. */
@NullMarked
package io.tidegate.control;

import org.jspecify.annotations.NullMarked;
