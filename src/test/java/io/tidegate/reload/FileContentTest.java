package io.tidegate.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileContentTest {

    private static final int MOST_BYTES = 8;

    @TempDir
    Path directory;

    private FileContent write(String name, String text) throws Exception {
        return FileContent.read(Files.writeString(directory.resolve(name), text), MOST_BYTES);
    }

    @Test
    void itIsTheSameAsLongAsItsBytesAreWhateverItsTimesSay() throws Exception {
        FileContent before = write("a", "1234");
        Files.setLastModifiedTime(directory.resolve("a"), FileTime.fromMillis(1));
        assertThat(FileContent.read(directory.resolve("a"), MOST_BYTES).digest())
                .isEqualTo(before.digest());
        FileTime time = Files.getLastModifiedTime(directory.resolve("a"));

        FileContent after = write("a", "1235");
        Files.setLastModifiedTime(directory.resolve("a"), time);

        assertThat(after.digest()).isNotEqualTo(before.digest());
        assertThat(before.bytes()).contains("1234".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void oneThatIsTooLongOrMissingSaysSo() throws Exception {
        FileContent full = write("a", "12345678");
        FileContent longer = write("a", "123456789");
        FileContent missing = FileContent.read(directory.resolve("none"), MOST_BYTES);

        assertThat(full.bytes()).isPresent();
        assertThat(full.failure()).isEmpty();
        assertThat(longer.bytes()).isEmpty();
        assertThat(longer.failure()).isEqualTo("it has more than 8 bytes");
        assertThat(missing.failure()).isEqualTo("there is no such file");
    }

    @Test
    void ofSeveralItMattersWhichHasWhat() throws Exception {
        FileContent one = write("a", "1");
        FileContent other = write("b", "2");
        FileContent empty = write("c", "");
        FileContent missing = FileContent.read(directory.resolve("d"), MOST_BYTES);

        assertThat(List.of(
                        FileContent.digest(List.of(one, other)),
                        FileContent.digest(List.of(write("a", "2"), write("b", "1"))),
                        FileContent.digest(List.of(write("a", "12"), write("b", ""))),
                        empty.digest(),
                        missing.digest()))
                .doesNotHaveDuplicates();
    }
}
