package io.tidegate.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.OwnClassPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The optimizing compiler steps back, and nobody else does. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class CompilerThreadsTest {

    /** In a process of its own, for it cannot be taken back. */
    static final class Ending {

        private Ending() {}

        public static void main(String[] args) throws IOException {
            Map<Path, String> before = priorities();
            System.out.println("stepped back: " + CompilerThreads.stepBack());
            Map<Path, String> after = priorities();
            before.forEach((thread, priority) -> {
                String now = after.getOrDefault(thread, priority);
                if (!now.isEmpty() && !now.equals(priority)) {
                    System.out.println(now);
                }
            });
        }

        /** Names and priorities of all threads. */
        private static Map<Path, String> priorities() throws IOException {
            try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
                return threads.collect(Collectors.toMap(thread -> thread, Ending::priority));
            }
        }

        private static String priority(Path thread) {
            try {
                String stat = Files.readString(thread.resolve("stat"));
                int name = stat.indexOf('(');
                int end = stat.lastIndexOf(')');
                // proc(5): nice is the 19th field, and the state, behind the name, the third.
                List<String> fields = List.of(stat.substring(end + 2).split(" ", -1));
                return stat.substring(name + 1, end) + ": " + fields.get(19 - 3);
            } catch (IOException e) {
                // It has ended.
                return "";
            }
        }
    }

    @Test
    void theOptimizingCompilerStepsBackAndNobodyElseDoes() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:CICompilerCount=2", // one of each kind
                        "-cp",
                        OwnClassPath.text(),
                        Ending.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines()).containsExactly("stepped back: 1", "C2 CompilerThre: 19");
    }
}
