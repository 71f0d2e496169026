/** The embedded store: a feed log on RocksDB. */
@NullMarked
package io.tidegate.rocksdb;

import org.jspecify.annotations.NullMarked;
