package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What JMX needs is taken, and nothing else. */
class SerialFilterTest {

    private record Stranger(String name) implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;
    }

    private static Object readBack(Object value) throws IOException, ClassNotFoundException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            in.setObjectInputFilter(ObjectInputFilter.Config.createFilter(SerialFilter.ALLOWED));
            return in.readObject();
        }
    }

    @Test
    void whatOperatorsSendIsTaken() throws Exception {
        var name = new ObjectName("io.tidegate:type=Server");
        for (Object value : List.of(name, "text", 5, 5L, true, new Object[] {"a", 1L}, new ArrayList<>(List.of("a")))) {
            assertThat(readBack(value)).isEqualTo(value);
        }
    }

    @Test
    void anObjectOfAnyOtherClassIsNotMade() {
        assertThatThrownBy(() -> readBack(new Stranger("a"))).isInstanceOf(InvalidClassException.class);
        assertThatThrownBy(() -> readBack(new Object[] {"a", new Stranger("b")}))
                .isInstanceOf(InvalidClassException.class);
    }

    @Test
    void neitherIsOneThatIsTooDeepOrTooLarge() {
        var deep = new ArrayList<Object>();
        var inner = deep;
        for (int i = 0; i < 50; i++) {
            var next = new ArrayList<Object>();
            inner.add(next);
            inner = next;
        }
        assertThatThrownBy(() -> readBack(deep)).isInstanceOf(InvalidClassException.class);
        assertThatThrownBy(() -> readBack(new byte[200_000])).isInstanceOf(InvalidClassException.class);
    }
}
