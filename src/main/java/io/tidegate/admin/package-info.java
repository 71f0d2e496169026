/** What operators see of a running server and can do to it: the admin listener and the JMX beans. */
@NullMarked
package io.tidegate.admin;

import org.jspecify.annotations.NullMarked;
