package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.document.Selection;
import io.tidegate.fuzz.Fuzzing;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Records of the index of changes in any bytes, as a store might give them back: what is none is told as damage. */
class ChangedNamesFuzz {

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void whatIsNoRecordIsTold(byte[] bytes) {
        try {
            ChangedNames names = ChangedNames.of(1, bytes);
            var selected = new SelectedNames(Selection.ALL);
            selected.read(names);
            int updates = 0;
            while (selected.advance(names, 0)) {
                assertThat(selected.partOf(names).collection().name()).isNotEmpty();
                assertThat(names.keyStart()).isBetween(0, names.keyEnd());
                assertThat(names.keyEnd()).isLessThanOrEqualTo(bytes.length);
                updates++;
            }
            assertThat(updates).isLessThanOrEqualTo((int) names.lastSeq());
        } catch (RocksDBException e) {
            Status status = e.getStatus();
            assertThat(status == null ? null : status.getCode()).isEqualTo(Status.Code.Corruption);
        }
    }
}
