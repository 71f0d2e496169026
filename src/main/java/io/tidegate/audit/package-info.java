/** What has to do with security, told one event a line. */
@NullMarked
package io.tidegate.audit;

import org.jspecify.annotations.NullMarked;
